import type { Outcome, Verdict } from './verdict.ts';

/**
 * How a requirement is decided: by controls; by people, and why only they can; or not at all so far, because what a
 * program would have to look at is not among what Bulwark reads.
 */
export type RequirementCoverage<Id extends string = string> =
  | { readonly kind: 'automated'; readonly controls: readonly Id[] }
  | { readonly kind: 'manual' | 'not-checked'; readonly reason: string };

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

/**
 * A requirement's result: the worst of its controls, `pass` only when something was judged and all of it passed. With
 * `reason` where no control has decided.
 */
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

const NOTHING_TO_JUDGE = 'Nothing that was read is of a kind that its controls judge.';

function requirementResult(
  { id, title, coverage }: Requirement,
  counts: ReadonlyMap<string, VerdictCounts>,
  ran: ReadonlySet<string>,
): RequirementResult {
  const total = noCounts();
  if (coverage.kind !== 'automated') {
    total[coverage.kind] = 1;
    return { id, title, verdict: coverage.kind, counts: total, controls: [], reason: coverage.reason };
  }
  const { controls } = coverage;
  for (const control of controls) {
    if (!ran.has(control)) total['not-checked']++;
    for (const [verdict, count] of Object.entries(counts.get(control) ?? {}))
      total[verdict as Verdict] += count;
  }
  // The cluster may well hold such objects: what was not read must not look as if it did not matter.
  if (Object.values(total).every((count) => count === 0))
    return { id, title, verdict: 'not-checked', counts: total, controls, reason: NOTHING_TO_JUDGE };
  return { id, title, verdict: worst(total), counts: total, controls };
}

/**
 * A framework's results from the counts of its controls. A control that did not run, and controls that had nothing to
 * judge, leave their requirement unchecked.
 */
export function frameworkResult(
  framework: Framework,
  counts: ReadonlyMap<string, VerdictCounts>,
  ran: ReadonlySet<string>,
): FrameworkResult {
  const requirements = framework.requirements.map((requirement) =>
    requirementResult(requirement, counts, ran),
  );
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
