import type { Control } from './control.ts';
import type { Finding } from './finding.ts';
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
 * What a requirement can come to, from worst to best: anything that is not a proven pass keeps it from passing. `excepted`
 * is a failure that somebody accepted, with a reason: it neither fails nor passes.
 */
export const REQUIREMENT_STATES = [
  'fail',
  'error',
  'not-checked',
  'manual',
  'excepted',
  'pass',
  'not-applicable',
] as const satisfies readonly (Verdict | 'excepted')[];
export type RequirementState = (typeof REQUIREMENT_STATES)[number];

/** How many outcomes of each kind led to a requirement's result. */
export type RequirementCounts = Readonly<Record<RequirementState, number>>;

/**
 * A requirement's result: the worst of its controls, `pass` only when something was judged and all of it passed. With
 * `reason` where no control has decided.
 */
export interface RequirementResult {
  readonly id: string;
  readonly title: string;
  readonly verdict: RequirementState;
  readonly counts: RequirementCounts;
  readonly controls: readonly string[];
  readonly reason?: string;
}

/** A framework's results. */
export interface FrameworkResult {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly verdict: RequirementState;
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

/** Counts without any outcome. */
export function noRequirementCounts(): Record<RequirementState, number> {
  return { ...noCounts(), excepted: 0 };
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

/**
 * Counts of controls in which the failures that exceptions accept are no failures any more. One object is excepted when
 * all that a control found in it is accepted.
 *
 * @param findings all of them, the accepted ones included.
 */
export function withExcepted(
  counts: ReadonlyMap<string, VerdictCounts>,
  findings: readonly Finding[],
): Map<string, RequirementCounts> {
  const accepted = new Map<string, Set<string>>();
  const open = new Map<string, Set<string>>();
  for (const finding of findings) {
    const byControl = finding.exception === undefined ? open : accepted;
    const subjects = byControl.get(finding.control) ?? new Set();
    byControl.set(finding.control, subjects.add(subjectOf(finding)));
  }
  return new Map(
    [...counts].map(([control, { fail, ...others }]) => {
      const standing = open.get(control) ?? new Set();
      const excepted = [...(accepted.get(control) ?? [])].filter((subject) => !standing.has(subject)).length;
      // Pods fail beside their owner, to which their findings move: they are excepted with the last of them.
      const isAll = standing.size === 0 && excepted > 0;
      const count = isAll ? fail : Math.min(excepted, Math.max(fail - 1, 0));
      return [control, { ...others, fail: fail - count, excepted: count }];
    }),
  );
}

function subjectOf({ resource, file }: Finding): string {
  const { apiVersion, kind, namespace, name } = resource;
  return [apiVersion, kind, namespace, name, file ?? ''].join('|');
}

function worst(counts: RequirementCounts): RequirementState {
  return REQUIREMENT_STATES.find((state) => counts[state] > 0) ?? 'not-applicable';
}

const NOTHING_TO_JUDGE = 'Nothing that was read is of a kind that its controls judge.';

function requirementResult(
  { id, title, coverage }: Requirement,
  counts: ReadonlyMap<string, RequirementCounts>,
  known: Ran,
): RequirementResult {
  const { ran } = known;
  const total = noRequirementCounts();
  if (coverage.kind !== 'automated') {
    total[coverage.kind] = 1;
    return { id, title, verdict: coverage.kind, counts: total, controls: [], reason: coverage.reason };
  }
  const { controls } = coverage;
  for (const control of controls) {
    if (!ran.has(control)) total['not-checked']++;
    for (const state of REQUIREMENT_STATES) total[state] += counts.get(control)?.[state] ?? 0;
  }
  // The cluster may well hold such objects: what was not read must not look as if it did not matter.
  if (Object.values(total).every((count) => count === 0))
    return { id, title, verdict: 'not-checked', counts: total, controls, reason: NOTHING_TO_JUDGE };
  const verdict = worst(total);
  const doubt =
    verdict === 'pass' || verdict === 'not-applicable' ? doubtOf(controls, counts, known) : undefined;
  if (doubt !== undefined)
    return { id, title, verdict: 'not-checked', counts: total, controls, reason: doubt };
  const reason = verdict === 'not-checked' ? whyNotRun(controls, known) : undefined;
  return { id, title, verdict, counts: total, controls, ...(reason !== undefined && { reason }) };
}

/** Why what was read is not enough for a requirement that nothing speaks against. */
function doubtOf(
  controls: readonly string[],
  counts: ReadonlyMap<string, RequirementCounts>,
  { familyOf, lost }: Ran,
): string | undefined {
  // What could not be read may hold anything, also what no control found a reason to judge.
  if (lost !== undefined) return `Nothing that was read fails, and ${lost}.`;
  const isPassed = controls.some((control) => (counts.get(control)?.pass ?? 0) > 0);
  const missing = isPassed ? unseenFamilies(controls, counts, familyOf) : [];
  if (missing.length === 0) return undefined;
  return `What was read passes, and it holds no ${missing.join(' and no ')}, which ${missing.length === 1 ? 'decides' : 'decide'} too.`;
}

/** Why controls that should have decided did not run, where that is known. */
function whyNotRun(controls: readonly string[], { ran, whyNot }: Ran): string | undefined {
  const said = controls.flatMap((control) => {
    const why = ran.has(control) ? undefined : whyNot?.(control);
    return why === undefined ? [] : [`${control} ${why}.`];
  });
  return said.length === 0 ? undefined : said.join(' ');
}

/** Families of kinds that a requirement's controls judge, and of which nothing was there to judge. */
function unseenFamilies(
  controls: readonly string[],
  counts: ReadonlyMap<string, RequirementCounts>,
  familyOf: Ran['familyOf'],
): string[] {
  const seen = new Map<string, boolean>();
  for (const control of controls) {
    const family = familyOf?.(control);
    if (family === undefined) continue;
    const own = counts.get(control);
    const hasJudged = own !== undefined && Object.values(own).some((count) => count > 0);
    seen.set(family, (seen.get(family) ?? false) || hasJudged);
  }
  return [...seen].filter(([, hasJudged]) => !hasJudged).map(([family]) => family);
}

/** What is known of the controls that ran. */
export interface Ran {
  readonly ran: ReadonlySet<string>;
  /**
   * What a control judges, where a requirement cannot pass without any of it: see `kindFamily`. Absent where everything is
   * known to have been read, as of a whole cluster: what is not there then needs no verdict.
   */
  readonly familyOf?: (control: string) => string | undefined;
  /** Why a control did not run: completes "host-pid ...". */
  readonly whyNot?: (control: string) => string | undefined;
  /** What could not be read, as a clause: "2 inputs could not be read". Absent where nothing was lost. */
  readonly lost?: string;
}

const FAMILIES: readonly { readonly name: string; readonly kinds: RegExp }[] = [
  { name: 'Namespace', kinds: /^Namespace$/ },
  { name: 'role or binding', kinds: /^rbac\.authorization\.k8s\.io\// },
  {
    name: 'Service, Ingress or Gateway',
    kinds: /^(Service|networking\.k8s\.io\/Ingress|gateway\.networking\.k8s\.io\/.*)$/,
  },
  { name: 'Secret or ConfigMap', kinds: /^(Secret|ConfigMap)$/ },
];

/** The family of kinds that a control judges: those that nearly every cluster has. Undefined for what many do without. */
export function kindFamily({ appliesTo }: Pick<Control, 'appliesTo'>): string | undefined {
  if (appliesTo.per !== 'object') return 'workload';
  return FAMILIES.find(({ kinds }) => appliesTo.kinds.some((kind) => kinds.test(kind)))?.name;
}

/**
 * A framework's results from the counts of its controls. A control that did not run, and controls that had nothing to
 * judge, leave their requirement unchecked; so does the lack of a family of kinds that some of its controls judge, and input
 * that could not be read, in which anything may stand.
 */
export function frameworkResult(
  framework: Framework,
  counts: ReadonlyMap<string, RequirementCounts>,
  controls: Ran,
): FrameworkResult {
  const requirements = framework.requirements.map((requirement) =>
    requirementResult(requirement, counts, controls),
  );
  const verdicts = noRequirementCounts();
  for (const { verdict } of requirements) verdicts[verdict]++;
  return {
    id: framework.id,
    title: framework.title,
    version: framework.version,
    verdict: worst(verdicts),
    requirements,
  };
}
