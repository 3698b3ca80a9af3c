import {
  type Control,
  type Finding,
  isAtLeast,
  openFindings,
  paramValues,
  type ScanReport,
  type Verdict,
} from '@bulwark/core';
import { cutBy, within } from '../limit.ts';
import type { ReportOptions } from '../report-format.ts';
import { type CaseOptions, findingCase, lostCase, type Outcome, objectOf, type TestCase } from './cases.ts';

/** GitLab reads no file beyond 30 MB or 250,000 elements, attributes and texts; a test has up to twelve of these. */
export const LIMIT = { most: 10_000, what: 'findings', why: 'as GitLab reads no larger report' };

/** Tests that stand together; they are made when they are asked for. */
export interface Suite {
  readonly id: string;
  readonly name: string;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly cases: () => Iterable<TestCase>;
}

const NONE = { failure: 0, error: 0, skipped: 0, passed: 0 };

/**
 * A suite for each control, because people mend by root cause and servers fold by suite: what fails comes first, then
 * what could not be judged, then the controls that found nothing.
 */
export function* suitesOf(report: ScanReport, options: ReportOptions): Generator<Suite> {
  const { controls, findings } = report;
  const byControl = findingsByControl(within(LIMIT, findings, options));
  const told = { fails: failing(options), isInSeveral: inSeveralFiles(findings) };
  const verdicts = verdictsByControl(report);
  const byId = new Map(controls.map((control) => [control.id, control]));
  for (const [id, found] of byControl) yield findingSuite(id, found, { control: byId.get(id), ...told });
  yield coverageSuite(report, {
    outcome: options.strict === true ? 'error' : 'skipped',
    cut: cutBy(LIMIT, findings.length, options),
  });
  const found = new Set(findings.map(({ control }) => control));
  for (const control of controls)
    if (found.has(control.id)) {
      if (!byControl.has(control.id)) yield singleSuite(control, 'findings', ALL_CUT);
    } else yield singleSuite(control, 'no finding', whyNoPass(control, report, verdicts));
}

const ALL_CUT = 'It has findings, but worse ones fill the report; --all writes them all.';

function findingsByControl(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const byControl = new Map<string, Finding[]>();
  for (const finding of findings) {
    const found = byControl.get(finding.control);
    if (found === undefined) byControl.set(finding.control, [finding]);
    else found.push(finding);
  }
  return byControl;
}

/** Undefined when no verdicts were asked for. */
function verdictsByControl({ verdicts }: ScanReport): ReadonlyMap<string, ReadonlySet<Verdict>> | undefined {
  if (verdicts === undefined) return undefined;
  const byControl = new Map<string, Set<Verdict>>();
  for (const { control, verdict } of verdicts) {
    const known = byControl.get(control);
    if (known === undefined) byControl.set(control, new Set([verdict]));
    else known.add(verdict);
  }
  return byControl;
}

function suiteName({ id, title }: Control): string {
  return `${id}: ${title}`;
}

function findingSuite(id: string, findings: readonly Finding[], options: CaseOptions): Suite {
  const { control, fails } = options;
  const open = openFindings(findings);
  const failure = open.filter(({ severity }) => fails(severity)).length;
  return {
    id,
    name: control === undefined ? id : suiteName(control),
    counts: { ...NONE, skipped: findings.length - open.length, failure, passed: open.length - failure },
    cases: () => distinct(findings, (finding) => findingCase(finding, options)),
  };
}

function failing({ failOn }: ReportOptions): CaseOptions['fails'] {
  return (severity) => failOn !== 'never' && isAtLeast(severity, failOn);
}

/** Asked of all findings of a report, so that one more of them names no other test anew. */
function inSeveralFiles(findings: readonly Finding[]): CaseOptions['isInSeveral'] {
  const first = new Map<string, string | undefined>();
  const several = new Set<string>();
  for (const finding of findings) {
    const object = objectOf(finding);
    if (!first.has(object)) first.set(object, finding.file);
    else if (first.get(object) !== finding.file) several.add(object);
  }
  return (finding) => several.has(objectOf(finding));
}

function coverageSuite(
  { coverage }: ScanReport,
  { outcome, cut }: { readonly outcome: 'error' | 'skipped'; readonly cut: string | undefined },
): Suite {
  const lost = coverage.filter(({ kind }) => kind === 'lost');
  const all: TestCase = { name: 'nothing is lost', outcome: 'passed', message: '', lines: [] };
  const listed: TestCase[] =
    cut === undefined
      ? []
      : [{ name: 'every finding is listed', outcome: 'skipped', message: cut, lines: [cut] }];
  const counts = { ...NONE, skipped: listed.length };
  return {
    id: 'coverage',
    name: 'coverage: Every part of the input must be judged',
    counts:
      lost.length === 0 ? { ...counts, passed: 1 } : { ...counts, [outcome]: counts[outcome] + lost.length },
    *cases() {
      yield* listed;
      if (lost.length === 0) yield all;
      else yield* distinct(lost, (entry) => lostCase(entry, outcome));
    },
  };
}

/** A control without a finding that is listed: it passed, unless there is a reason why not. */
function singleSuite(control: Control, name: string, reason: string | undefined): Suite {
  const outcome = reason === undefined ? 'passed' : 'skipped';
  const lines = reason === undefined ? [] : [reason];
  return {
    id: control.id,
    name: suiteName(control),
    counts: { ...NONE, [outcome]: 1 },
    cases: () => [{ name, outcome, message: reason ?? '', lines }],
  };
}

/** Why a control that found nothing did not pass: it judged nothing, or failed on something. */
function whyNoPass(
  control: Control,
  { totals, coverage }: ScanReport,
  verdicts: ReturnType<typeof verdictsByControl>,
): string | undefined {
  if (totals.resources === 0) return 'There was no object to judge.';
  const { fault } = paramValues(control);
  if (fault !== undefined) return `The parameter ${fault.param} ${fault.reason}.`;
  // The engine names the control in the reason of what failed.
  const hasFailed = coverage.some(
    ({ code, reason }) => code === 'control-error' && reason.includes(control.id),
  );
  if (hasFailed) return 'It failed on an object.';
  return verdicts === undefined || verdicts.get(control.id)?.has('pass') === true
    ? undefined
    : 'It judged no object.';
}

/** Servers drop or merge tests of the same name: an object that is written twice in a file gives two tests. */
function* distinct<T>(items: readonly T[], caseOf: (item: T) => TestCase): Generator<TestCase> {
  const seen = new Map<string, number>();
  for (const item of items) {
    const each = caseOf(item);
    const count = (seen.get(each.name) ?? 0) + 1;
    seen.set(each.name, count);
    yield count === 1 ? each : { ...each, name: `${each.name} (${count})` };
  }
}
