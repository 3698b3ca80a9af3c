import type { Outcome, Verdict } from './verdict.ts';

/** How a requirement is decided: by controls, or by people, and then why. */
export type RequirementCoverage<Id extends string = string> =
  | { readonly kind: 'automated'; readonly controls: readonly Id[] }
  | { readonly kind: 'manual'; readonly reason: string };

/** One requirement of a framework. */
export interface Requirement<Id extends string = string> {
  readonly id: string;
  readonly title: string;
  readonly level?: string;
  readonly coverage: RequirementCoverage<Id>;
}

/** A compliance framework in one version, as data. */
export interface Framework<Id extends string = string> {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly source: string;
  readonly requirements: readonly Requirement<Id>[];
}

/** How many verdicts of each kind were given. */
export type VerdictCounts = Readonly<Record<Verdict, number>>;

/** A requirement's result: the worst of its controls, `pass` only when something was judged and all of it passed. */
export interface RequirementResult {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly counts: VerdictCounts;
  readonly controls: readonly string[];
  readonly reason?: string;
}

/** A framework's results. */
export interface FrameworkResult {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly verdict: Verdict;
  readonly requirements: readonly RequirementResult[];
}

/** The requirements that a control helps to decide, as `framework/requirement`. */
export function requirementsOf(control: string, frameworks: readonly Framework[]): string[] {
  return frameworks.flatMap(({ id, requirements }) =>
    requirements
      .filter(({ coverage }) => coverage.kind === 'automated' && coverage.controls.includes(control))
      .map((requirement) => `${id}/${requirement.id}`),
  );
}

/** Counts without any verdict. */
export function noCounts(): Record<Verdict, number> {
  return { pass: 0, fail: 0, manual: 0, 'not-applicable': 0, 'not-checked': 0, error: 0 };
}

/** Adds an outcome to a control's counts. */
export function countOutcome(
  counts: Map<string, Record<Verdict, number>>,
  control: string,
  { verdict }: Pick<Outcome, 'verdict'>,
): void {
  let entry = counts.get(control);
  if (entry === undefined) {
    entry = noCounts();
    counts.set(control, entry);
  }
  entry[verdict]++;
}

/** From worst to best: anything that is not a proven pass keeps a requirement from passing. */
const WORST_FIRST = [
  'fail',
  'error',
  'not-checked',
  'manual',
  'pass',
  'not-applicable',
] as const satisfies readonly Verdict[];

function worst(counts: VerdictCounts): Verdict {
  return WORST_FIRST.find((verdict) => counts[verdict] > 0) ?? 'not-applicable';
}

/** A framework's results from the counts of its controls; a control that did not run leaves its requirement unchecked. */
export function frameworkResult(
  framework: Framework,
  counts: ReadonlyMap<string, VerdictCounts>,
  ran: ReadonlySet<string>,
): FrameworkResult {
  const requirements = framework.requirements.map((requirement): RequirementResult => {
    const { id, title, coverage } = requirement;
    const total = noCounts();
    if (coverage.kind === 'manual') {
      total.manual = 1;
      return { id, title, verdict: 'manual', counts: total, controls: [], reason: coverage.reason };
    }
    for (const control of coverage.controls) {
      if (!ran.has(control)) total['not-checked']++;
      for (const [verdict, count] of Object.entries(counts.get(control) ?? {}))
        total[verdict as Verdict] += count;
    }
    return { id, title, verdict: worst(total), counts: total, controls: coverage.controls };
  });
  const verdicts = noCounts();
  for (const { verdict } of requirements) verdicts[verdict]++;
  return {
    id: framework.id,
    title: framework.title,
    version: framework.version,
    verdict: worst(verdicts),
    requirements,
  };
}
