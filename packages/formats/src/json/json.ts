import {
  type Control,
  type CoverageEntry,
  countBySeverity,
  type Framework,
  noCounts,
  openFindings,
  type Rank,
  requirementsOf,
  type ScanReport,
  type Verdict,
  type VerdictRecord,
} from '@bulwark/core';
import { inChunks } from '../chunks.ts';
import { defineFormat, type ReportOptions } from '../report-format.ts';
import { findingLine } from './finding-line.ts';
import { jsonText } from './quote.ts';

/** Version 1 is published by `@bulwark/api`; a field may be added to it, but none removed, renamed or redefined. */
const SCHEMA = 'bulwark.scan/v1';
const AT_ONCE = 16_384;

/** JSON for programs: valid as a whole, and one finding, verdict or coverage entry in a line for grep and diff. */
export const json = defineFormat({
  id: 'json',
  title: 'JSON for programs, with a published schema',
  write: (report, options) => inChunks(lines(report, options)),
});

function* lines(report: ScanReport, { showAll }: ReportOptions): Generator<string> {
  const { version, kubernetes, inputs, controls, findings, verdicts, frameworks, coverage } = report;
  yield '{\n';
  yield `  "schema": ${jsonText(SCHEMA)},\n`;
  yield `  "tool": ${jsonText({ name: 'bulwark', version })},\n`;
  yield `  "kubernetes": ${jsonText(kubernetes)},\n`;
  yield `  "inputs": ${jsonText(inputs)},\n`;
  yield* block('controls', '{}', {
    items: controls,
    print: (control) => controlLine(control, report.knownFrameworks),
  });
  yield* block('findings', '[]', { items: findings, print: findingLine() });
  const ranks = showAll ? report.ranks : undefined;
  if (ranks !== undefined)
    yield* block('ranks', '[]', { items: ranked(ranks), print: (item) => jsonText(item) });
  if (verdicts !== undefined) yield* block('verdicts', '[]', { items: verdicts, print: verdictLine });
  yield* block('frameworks', '[]', { items: frameworks, print: (item) => jsonText(item) });
  yield* block('coverage', '[]', { items: coverage, print: coverageLine });
  yield `  "summary": ${jsonText(summary(report))}\n`;
  yield '}\n';
}

/** Root causes, those with the most points first. */
function ranked(ranks: ReadonlyMap<string, Rank>): readonly unknown[] {
  return [...ranks]
    .sort(([a, one], [b, other]) => other.points - one.points || (a < b ? -1 : 1))
    .map(([control, { points, lines, why, unknown }]) => ({ control, points, lines, why, unknown }));
}

/** A member of the report whose items stand in a line each; several lines at a time, because each pause costs. */
function* block<T>(
  name: string,
  brackets: '[]' | '{}',
  { items, print }: { readonly items: readonly T[]; readonly print: (item: T) => string },
): Generator<string> {
  let lines = `  "${name}": ${brackets[0]}`;
  let separator = '\n    ';
  for (const item of items) {
    lines += separator + print(item);
    separator = ',\n    ';
    if (lines.length < AT_ONCE) continue;
    yield lines;
    lines = '';
  }
  yield `${lines}${items.length === 0 ? '' : '\n  '}${brackets[1]},\n`;
}

function controlLine(control: Control, known: readonly Framework[]): string {
  const { id, title, severity, profile, aliases, remediation, attack } = control;
  const frameworks = requirementsOf(id, known);
  return `${jsonText(id)}: ${jsonText({ title, severity, profile, aliases, remediation, attack, frameworks })}`;
}

function verdictLine({ control, resource, verdict, reason }: VerdictRecord): string {
  const { apiVersion, kind, namespace, name } = resource;
  return jsonText({ control, resource: { apiVersion, kind, namespace, name }, verdict, reason });
}

function coverageLine({ kind, code, file, line, column, reason }: CoverageEntry): string {
  return jsonText({ kind, code, file, line, column, reason });
}

function summary({ totals, findings, withheld, verdicts, coverage }: ScanReport): Record<string, unknown> {
  const { files, documents, resources, workloads } = totals;
  const lost = coverage.filter(({ kind }) => kind === 'lost').length;
  return {
    files,
    documents,
    resources,
    workloads,
    findings: countBySeverity(openFindings(findings)),
    excepted: findings.length - openFindings(findings).length,
    withheld,
    verdicts: verdicts && countVerdicts(verdicts),
    lost,
    notes: coverage.length - lost,
  };
}

function countVerdicts(verdicts: readonly VerdictRecord[]): Record<Verdict, number> {
  const counts = noCounts();
  for (const { verdict } of verdicts) counts[verdict]++;
  return counts;
}
