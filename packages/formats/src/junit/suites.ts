import { type Control, type Finding, paramValues, type ScanReport, type Verdict } from '@bulwark/core';
import { findingCase, lostCase, type Outcome, type TestCase } from './cases.ts';

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
export function* suitesOf(report: ScanReport): Generator<Suite> {
  const { controls, findings } = report;
  const byControl = findingsByControl(findings);
  const verdicts = verdictsByControl(report);
  const byId = new Map(controls.map((control) => [control.id, control]));
  for (const [id, found] of byControl) yield findingSuite(id, byId.get(id), found);
  yield coverageSuite(report);
  for (const control of controls)
    if (!byControl.has(control.id)) yield quietSuite(control, whyNoPass(control, report, verdicts));
}

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

function findingSuite(id: string, control: Control | undefined, findings: readonly Finding[]): Suite {
  const skipped = findings.filter(({ exception }) => exception !== undefined).length;
  return {
    id,
    name: control === undefined ? id : suiteName(control),
    counts: { ...NONE, skipped, failure: findings.length - skipped },
    cases: () => distinct(findings, (finding) => findingCase(finding, control)),
  };
}

function coverageSuite({ coverage }: ScanReport): Suite {
  const lost = coverage.filter(({ kind }) => kind === 'lost');
  const all: TestCase = { name: 'nothing is lost', outcome: 'passed', message: '', lines: [] };
  return {
    id: 'coverage',
    name: 'coverage: Every part of the input must be judged',
    counts: { ...NONE, error: lost.length, passed: lost.length === 0 ? 1 : 0 },
    cases: () => (lost.length === 0 ? [all] : distinct(lost, lostCase)),
  };
}

/** A control without a finding: it passed, unless there is a reason why not. */
function quietSuite(control: Control, reason: string | undefined): Suite {
  const outcome = reason === undefined ? 'passed' : 'skipped';
  const lines = reason === undefined ? [] : [reason];
  return {
    id: control.id,
    name: suiteName(control),
    counts: { ...NONE, [outcome]: 1 },
    cases: () => [{ name: 'no finding', outcome, message: reason ?? '', lines }],
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

/** Servers drop or merge tests of the same name: an object that is written twice gives two tests. */
function* distinct<T>(items: readonly T[], caseOf: (item: T) => TestCase): Generator<TestCase> {
  const seen = new Map<string, number>();
  for (const item of items) {
    const each = caseOf(item);
    const count = (seen.get(each.name) ?? 0) + 1;
    seen.set(each.name, count);
    yield count === 1 ? each : { ...each, name: `${each.name} (${count})` };
  }
}
