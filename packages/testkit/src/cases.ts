import {
  applyEdits,
  type Control,
  canonicalJson,
  configureControl,
  Engine,
  editsFor,
  expandDocument,
  formatPath,
  type Json,
  lineStartsOf,
  type Outcome,
  Plan,
  parseKubernetesVersion,
  type Resource,
  toFinding,
  type Verdict,
  World,
} from '@bulwark/core';
import { readDocuments, splitDocuments } from '@bulwark/formats';
import { changesBetween } from './changes.ts';

/** One case of a control: a subject, what stands beside it, and what the control must say. */
export interface ControlCase {
  readonly name: string;
  readonly verdict: Verdict;
  /** The paths of every violation, as `formatPath` prints them. */
  readonly paths: readonly string[];
  /** What the control's fix does to the subject, as `changesBetween` prints it. */
  readonly fixed: readonly string[];
  readonly kubernetes: string;
  /** Values of the control's parameters. */
  readonly params: Readonly<Record<string, Json>>;
  readonly subject: string;
  readonly context: readonly string[];
  /** Line of the case in its file, from 1. */
  readonly line: number;
}

/** What a control said of a case. */
export interface CaseResult {
  readonly verdict: Verdict;
  readonly reason?: string;
  readonly paths: readonly string[];
  readonly messages: readonly string[];
}

const HEADER = /^# (pass|fail|manual|not-applicable|not-checked|error): (.+)$/;

/**
 * Reads a cases file. Each document is headed by comments: `# fail: what it shows`, then `# at: PATH` for every
 * violation, `# fixed: PATH = JSON` or `# fixed: PATH gone` for every change that the control's fix makes,
 * `# kubernetes: 1.NN` where the version matters, `# params: {JSON}` where parameters do. A document headed `# with`
 * belongs to the case before.
 *
 * @throws Error with the line when a document has no header.
 */
export function readCases(text: string): ControlCase[] {
  const cases: ControlCase[] = [];
  for (const { start, end } of splitDocuments(text)) {
    const source = text.slice(start, end).replace(/^---[^\n]*\n/, '');
    const line = text.slice(0, start).split('\n').length;
    const comments = source.split('\n').filter((row) => row.startsWith('# '));
    const header = comments.map((row) => HEADER.exec(row)).find((match) => match !== null);
    const last = cases.at(-1);
    if (header) {
      cases.push({
        name: header[2] ?? '',
        verdict: header[1] as Verdict,
        paths: headerValues(comments, 'at'),
        fixed: headerValues(comments, 'fixed'),
        kubernetes: headerValues(comments, 'kubernetes')[0] ?? 'latest',
        params: JSON.parse(headerValues(comments, 'params')[0] ?? '{}') as ControlCase['params'],
        subject: source,
        context: [],
        line,
      });
    } else if (last !== undefined && comments.some((row) => row.trim() === '# with')) {
      cases[cases.length - 1] = { ...last, context: [...last.context, source] };
    } else throw new Error(`line ${line}: the document has no "# pass: ..." or "# fail: ..." header`);
  }
  return cases;
}

function headerValues(comments: readonly string[], name: string): string[] {
  const start = `# ${name}: `;
  return comments.filter((row) => row.startsWith(start)).map((row) => row.slice(start.length).trim());
}

/** What the documents of YAML text hold. Throws when any of it cannot be used. */
export function valuesOf(text: string, file = 'case.yaml'): unknown[] {
  return soundDocuments(text, file).map(({ value }) => value);
}

/** The resources of YAML text. Throws when any of it cannot be used. */
export function resourcesOf(text: string, kubernetes = 'latest', file = 'case.yaml'): Resource[] {
  const version = parseKubernetesVersion(kubernetes);
  if (!version.ok) throw new Error(`unknown Kubernetes version ${kubernetes}`);
  const lines = { file, lineStarts: lineStartsOf(text) };
  return soundDocuments(text, file).flatMap((document) => [
    ...expandDocument(document, lines, { kubernetes: version.value }).resources,
  ]);
}

function soundDocuments(text: string, file: string) {
  const { documents, problems } = readDocuments(text);
  if (problems[0] !== undefined) throw new Error(`${file}: ${problems[0].code}: ${problems[0].reason}`);
  return documents;
}

/** What a control says of a case's subject, in the World of the case. */
export function runCase(control: Control, given: ControlCase): CaseResult {
  const { configured, first, outcome } = judgeCase(control, given);
  const reason = 'The control does not apply to this kind.';
  if (outcome === undefined) return { verdict: 'not-applicable', reason, paths: [], messages: [] };
  return {
    verdict: outcome.verdict,
    paths: outcome.violations.map((violation) => formatPath(first.object, violation.path)).sort(),
    messages: outcome.violations.map((violation) => toFinding(configured, first, violation).message),
    ...(outcome.reason !== undefined && { reason: outcome.reason }),
  };
}

/** What is left of a case's violations once the control's own edits are made. */
export interface FixResult {
  /** Violations for which the control offers edits. */
  readonly offered: number;
  /** Violations that must remain, and those that do. */
  readonly expected: number;
  readonly remaining: number;
  /** What the edits do to the subject, as `changesBetween` prints it. */
  readonly changes: readonly string[];
}

/** Makes the edits that a control offers for a failing case and judges the case again. */
export function runFix(control: Control, given: ControlCase): FixResult {
  const { first, outcome } = judgeCase(control, given);
  const violations = outcome?.violations ?? [];
  const { fix } = control;
  const offers = violations.map((violation) => (fix ? editsFor(fix, violation, first) : []));
  const offered = offers.filter((edits) => edits.length > 0).length;
  const fixed = applyEdits(first.object, offers.flat());
  const subject = canonicalJson(fixed);
  const after = judgeCase(control, { ...given, subject }).outcome?.violations ?? [];
  const expected = violations.length - offered;
  return { offered, expected, remaining: after.length, changes: changesBetween(first.object, fixed) };
}

function judgeCase(control: Control, { subject, context, kubernetes, params }: ControlCase) {
  const version = parseKubernetesVersion(kubernetes);
  if (!version.ok) throw new Error(`unknown Kubernetes version ${kubernetes}`);
  const resources = resourcesOf([subject, ...context].join('\n---\n'), kubernetes);
  const [first] = resources;
  if (first === undefined) throw new Error('the case has no Kubernetes object');
  const configured = configureControl(control, { values: params });
  const engine = new Engine(new Plan([configured]), version.value, World.of(resources).world);
  let outcome: Outcome | undefined;
  engine.evaluate(first, (_control, result) => {
    outcome = result;
  });
  return { configured, first, outcome };
}
