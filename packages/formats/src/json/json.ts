import {
  type Control,
  type CoverageEntry,
  countBySeverity,
  type FrameworkResult,
  noCounts,
  type ScanReport,
  type Verdict,
  type VerdictRecord,
} from '@bulwark/core';
import { inChunks } from '../chunks.ts';
import { defineFormat } from '../report-format.ts';
import { findingLine } from './finding-line.ts';
import { escapeControls } from './quote.ts';

/** Version 1 is published by `@bulwark/api`; a field may be added to it, but none removed, renamed or redefined. */
const SCHEMA = 'bulwark.scan/v1';

/** JSON for programs: valid as a whole, and one finding, verdict or coverage entry in a line for grep and diff. */
export const json = defineFormat({
  id: 'json',
  title: 'JSON for programs, with a published schema',
  write: (report) => inChunks(lines(report)),
});

function* lines(report: ScanReport): Generator<string> {
  const { version, kubernetes, inputs, controls, findings, verdicts, frameworks, coverage } = report;
  yield '{\n';
  yield `  "schema": ${text(SCHEMA)},\n`;
  yield `  "tool": ${text({ name: 'bulwark', version })},\n`;
  yield `  "kubernetes": ${text(kubernetes)},\n`;
  yield `  "inputs": ${text(inputs)},\n`;
  yield* block('controls', '{}', controlLines(controls, frameworks));
  yield* block('findings', '[]', mapEach(findings, findingLine()));
  if (verdicts !== undefined) yield* block('verdicts', '[]', mapEach(verdicts, verdictLine));
  yield* block('frameworks', '[]', mapEach(frameworks, text));
  yield* block('coverage', '[]', mapEach(coverage, coverageLine));
  yield `  "summary": ${text(summary(report))}\n`;
  yield '}\n';
}

/** Small parts are left to `JSON.stringify`; what terminals could obey is escaped as in findings. */
function text(value: unknown): string {
  return escapeControls(JSON.stringify(value));
}

/** A member of the report whose items stand in a line each. */
function* block(name: string, brackets: '[]' | '{}', items: Iterable<string>): Generator<string> {
  yield `  "${name}": ${brackets[0]}`;
  let separator = '\n    ';
  for (const item of items) {
    yield separator + item;
    separator = ',\n    ';
  }
  yield separator === '\n    ' ? `${brackets[1]},\n` : `\n  ${brackets[1]},\n`;
}

function* mapEach<T>(items: readonly T[], print: (item: T) => string): Generator<string> {
  for (const item of items) yield print(item);
}

function* controlLines(
  controls: readonly Control[],
  frameworks: readonly FrameworkResult[],
): Generator<string> {
  for (const { id, title, severity, profile, aliases, remediation, attack } of controls) {
    const requirements = requirementsOf(id, frameworks);
    yield `${text(id)}: ${text({ title, severity, profile, aliases, remediation, attack, frameworks: requirements })}`;
  }
}

function requirementsOf(control: string, frameworks: readonly FrameworkResult[]): string[] {
  return frameworks.flatMap(({ id, requirements }) =>
    requirements
      .filter(({ controls }) => controls.includes(control))
      .map((requirement) => `${id}/${requirement.id}`),
  );
}

function verdictLine({ control, resource, verdict, reason }: VerdictRecord): string {
  const { apiVersion, kind, namespace, name } = resource;
  return text({ control, resource: { apiVersion, kind, namespace, name }, verdict, reason });
}

function coverageLine({ kind, code, file, line, column, reason }: CoverageEntry): string {
  return text({ kind, code, file, line, column, reason });
}

function summary({ totals, findings, verdicts, coverage }: ScanReport): Record<string, unknown> {
  const { files, documents, resources, workloads } = totals;
  const lost = coverage.filter(({ kind }) => kind === 'lost').length;
  return {
    files,
    documents,
    resources,
    workloads,
    findings: countBySeverity(findings),
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
