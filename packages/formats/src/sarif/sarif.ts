import {
  COVERAGE,
  type CoverageCode,
  type CoverageEntry,
  type Finding,
  openFindings,
  type ScanReport,
} from '@bulwark/core';
import { inChunks } from '../chunks.ts';
import { jsonText } from '../json/quote.ts';
import { cutBy, within } from '../limit.ts';
import { defineFormat, type ReportOptions } from '../report-format.ts';
import { type Location, resultOf, withoutLinks } from './results.ts';
import { ruleOf } from './rules.ts';
import { Taxonomies } from './taxonomies.ts';
import { artifactLocation, SOURCE_ROOT } from './uri.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/**
 * GitHub refuses a run with more results altogether, and shows 5,000 of them:
 * https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
const LIMIT = { most: 25_000, what: 'results', why: 'as GitHub refuses a report with more' };
/** The notification that there are more results than the report lists. */
const CUT = 'results-left-out';

/**
 * SARIF 2.1.0 for code scanning and editors; one rule, result or notification in a line. GitHub reads no suppressions, so
 * that what is accepted would stay open there for ever: it is only counted, unless everything is asked for.
 */
export const sarif = defineFormat({
  id: 'sarif',
  title: 'SARIF 2.1.0 for code scanning and editors',
  cut: (report, options) => cutBy(LIMIT, resultsOf(report, options).length, options),
  write: (report, options) => inChunks(lines(report, options)),
});

function resultsOf({ findings }: ScanReport, { showAll }: ReportOptions): readonly Finding[] {
  return showAll ? findings : openFindings(findings);
}

function* lines(report: ScanReport, options: ReportOptions): Generator<string> {
  const results = resultsOf(report, options);
  const cut = cutBy(LIMIT, results.length, options);
  const taxonomies = new Taxonomies(report.controls, report.knownFrameworks);
  yield `{"$schema":${jsonText(SCHEMA)},"version":"2.1.0","runs":[{\n`;
  yield `"columnKind":"utf16CodeUnits",\n`;
  yield `"originalUriBaseIds":${jsonText(originalUriBaseIds())},\n`;
  yield* driver(report, taxonomies, cut);
  yield* list('taxonomies', taxonomies.all, ',\n');
  yield* invocation(report.coverage, cut);
  yield `"properties":${jsonText(properties(report))},\n`;
  yield* list(
    'results',
    printed(within(LIMIT, results, options), report, options.showAll ? report.ranks : undefined),
    '\n',
  );
  yield '}]}\n';
}

function* list(name: string, items: Iterable<unknown>, end: string): Generator<string> {
  yield `"${name}":[`;
  let separator = '\n';
  for (const item of items) {
    yield separator + jsonText(item);
    separator = ',\n';
  }
  yield `]${end}`;
}

function originalUriBaseIds(): Record<string, unknown> {
  return { [SOURCE_ROOT]: { description: { text: 'The folder in which the scan was started.' } } };
}

function* driver(report: ScanReport, taxonomies: Taxonomies, cut: string | undefined): Generator<string> {
  const { version, controls } = report;
  const supported = taxonomies.all.map(({ name }, index) => ({ name, index }));
  yield `"tool":{"driver":{"name":"Bulwark","semanticVersion":${jsonText(version)},"version":${jsonText(version)},\n`;
  yield `"supportedTaxonomies":${jsonText(supported)},\n`;
  const left = { id: CUT, shortDescription: { text: 'There are more results than are listed.' } };
  const codes: unknown[] = codesOf(report.coverage).map(descriptor);
  yield* list('notifications', cut === undefined ? codes : [...codes, left], ',\n');
  yield* list('rules', rules(), '}},\n');

  function* rules(): Generator<unknown> {
    for (const control of controls) yield ruleOf(control, taxonomies);
  }
}

function codesOf(coverage: readonly CoverageEntry[]): CoverageCode[] {
  return [...new Set(coverage.map(({ code }) => code))].sort();
}

function descriptor(id: CoverageCode): unknown {
  return { id, shortDescription: { text: COVERAGE[id].title } };
}

/** The scan ran to its end even where something is lost; what was lost stands in the notifications. */
function* invocation(coverage: readonly CoverageEntry[], cut: string | undefined): Generator<string> {
  const codes = codesOf(coverage);
  yield '"invocations":[{"executionSuccessful":true,\n';
  yield* list('toolExecutionNotifications', notifications(), '}],\n');

  function* notifications(): Generator<unknown> {
    if (cut !== undefined)
      yield { descriptor: { id: CUT, index: codes.length }, level: 'warning', message: { text: cut } };
    for (const entry of coverage)
      yield {
        descriptor: { id: entry.code, index: codes.indexOf(entry.code) },
        level: entry.kind === 'lost' ? 'error' : 'note',
        message: { text: withoutLinks(entry.reason) },
        ...locationsOf(entry),
      };
  }
}

function locationsOf({ file, line, column }: CoverageEntry): { readonly locations?: readonly Location[] } {
  if (file === undefined) return {};
  const region = line !== undefined && {
    region: { startLine: line, ...(column !== undefined && { startColumn: column }) },
  };
  return { locations: [{ physicalLocation: { artifactLocation: artifactLocation(file), ...region } }] };
}

function properties({ kubernetes, inputs, withheld, totals, findings }: ScanReport): Record<string, unknown> {
  const accepted = findings.length - openFindings(findings).length;
  return { kubernetes, inputs, withheld, accepted, totals };
}

function* printed(
  findings: readonly Finding[],
  { controls }: ScanReport,
  ranks?: ScanReport['ranks'],
): Generator<unknown> {
  const ruleIndexes = new Map(controls.map(({ id }, index) => [id, index]));
  const hasSuppressions = findings.some(
    ({ exception, requested }) => exception !== undefined || requested !== undefined,
  );
  for (const finding of findings) yield resultOf(finding, { ruleIndexes, hasSuppressions, ranks });
}
