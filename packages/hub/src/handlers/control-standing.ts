import {
  ANY_WORKLOAD,
  type Control,
  EVERY_RECORD,
  noRequirementCounts,
  type Read,
  type RequirementCounts,
} from '@bulwark/core';
import {
  type ClusterFacts,
  type ControlCount,
  type CoverageItem,
  clusterFacts,
  countsByControl,
  countsByOwner,
  countsByOwnerAt,
  kindsPresent,
  listCoverage,
  type OwnerCount,
  type Scope,
  type Store,
  type Topic,
} from '@bulwark/store';
import { groupBy } from './group-by.ts';
import type { KeptAnswers } from './kept-answers.ts';
import { type VersionSpan, versionsAt, versionsNow } from './past-versions.ts';
import { isOfUnseenKind, WORKLOAD_KINDS } from './unseen-kind.ts';

/** What is known of one control that runs. */
export interface ControlStanding {
  readonly counts: RequirementCounts;
  /** Why there is no verdict. */
  readonly reason?: string;
}

interface Asked {
  readonly controls: readonly Control[];
  readonly asOf?: Date | undefined;
  /** Whether a moment is one of the past; of the present one it is known which versions run. */
  readonly isPast?: boolean;
  /** Keeps what is counted of a moment, which is a pass over all findings and one over all objects. */
  readonly answers?: KeptAnswers;
}

/** What is counted of a moment of the past, kept until something changes. */
function kept<T>(
  { asOf, answers }: Asked,
  { name, topic, scope }: { readonly name: string; readonly topic: Topic; readonly scope: Scope },
  count: () => Promise<T>,
): Promise<T> {
  if (asOf === undefined || answers === undefined) return count();
  const request = { query: EVERY_RECORD, limit: 0, now: asOf, asOf };
  return answers.of({ list: [name], scope, request, topics: [topic] }, count);
}

/** How every control that runs stands, and what each owner has of it. */
export async function standingOf(
  store: Store,
  scope: Scope,
  asked: Asked,
): Promise<{
  readonly byControl: ReadonlyMap<string, ControlStanding>;
  readonly counts: readonly OwnerCount[];
}> {
  const { asOf } = asked;
  const counts: Promise<readonly OwnerCount[]> =
    asOf === undefined
      ? countsByOwner(store, scope)
      : kept(asked, { name: 'counts by owner', topic: 'findings', scope }, () =>
          countsByOwnerAt(store, scope, asOf),
        );
  const [byControl, byOwner] = await Promise.all([standingFrom(counts, store, scope, asked), counts]);
  return { byControl, counts: byOwner };
}

/** How every control that runs stands, whoever owns what it finds. */
export function standingByControl(
  store: Store,
  scope: Scope,
  asked: Asked,
): Promise<ReadonlyMap<string, ControlStanding>> {
  return standingFrom(countsByControl(store, scope, asked.asOf), store, scope, asked);
}

/**
 * How every control that runs stands, from the counters. Without findings a control passes only if it had something to
 * judge and everything that it reads was seen. Which objects a control passes over (as those of Windows) is not stored.
 */
async function standingFrom(
  counted: Promise<readonly ControlCount[]>,
  store: Store,
  scope: Scope,
  asked: Asked,
): Promise<ReadonlyMap<string, ControlStanding>> {
  const { controls, asOf } = asked;
  const [counts, { kinds, hasPods }, coverage, clusters] = await Promise.all([
    counted,
    kept(asked, { name: 'kinds', topic: 'inventory', scope }, () => kindsPresent(store, scope, asOf)),
    listCoverage(store, scope),
    clusterFacts(store, scope, asOf),
  ]);
  const known: Known = {
    counts: groupBy(counts, ({ control }) => control),
    kinds: new Set(kinds),
    hasPods,
    unseen: new Map([
      ...unrecorded(coverage, asOf),
      ...clusters.flatMap((cluster) => unseenOf(cluster, { coverage, asOf })),
    ]),
    errors: errorsOf(coverage, asOf),
    versions: await versionsOf(clusters, store, scope, asked),
    unknown: clusters.find(({ served, seen }) => !served.some((kind) => seen.get(kind) === true))?.name,
  };
  return new Map(controls.map((control) => [control.id, standing(control, known)]));
}

interface Known {
  readonly counts: ReadonlyMap<string, readonly ControlCount[]>;
  readonly kinds: ReadonlySet<string>;
  readonly hasPods: boolean;
  /** By kind, where it is not seen and why, as a sentence goes on. */
  readonly unseen: ReadonlyMap<string, string>;
  /** By control, what went wrong. */
  readonly errors: ReadonlyMap<string, string>;
  /** Of the clusters of the scope. */
  readonly versions: readonly VersionSpan[];
  /** The name of a cluster of which nothing was ever seen. */
  readonly unknown: string | undefined;
}

async function versionsOf(
  clusters: readonly ClusterFacts[],
  store: Store,
  scope: Scope,
  asked: Asked,
): Promise<readonly VersionSpan[]> {
  const { asOf, isPast = true } = asked;
  if (asOf === undefined || !isPast) return versionsNow(clusters);
  return kept(asked, { name: 'versions', topic: 'inventory', scope }, () =>
    versionsAt(store, { clusters, asOf }),
  );
}

/** Why a kind is not seen is known of the present alone. */
function unseenOf(
  { id, name, seen }: ClusterFacts,
  { coverage, asOf }: { readonly coverage: readonly CoverageItem[]; readonly asOf: Date | undefined },
): [string, string][] {
  const without = asOf === undefined ? `is not seen in ${name}.` : `was not seen in ${name} at that moment.`;
  return [...seen]
    .filter(([, isSeen]) => !isSeen)
    .map(([kind]) => {
      const gap = coverage.find((each) => each.clusterId === id && isOfUnseenKind(each, kind));
      const why = gap === undefined ? without : `is not seen in ${name}: ${gap.reason}`;
      return [kind, `${kind}, which ${why}`];
    });
}

/** Kinds of which an object is seen and could not be kept; of a moment those that have lasted since. */
function unrecorded(coverage: readonly CoverageItem[], asOf: Date | undefined): [string, string][] {
  return coverage
    .filter(({ code, since }) => code === 'unrecorded-object' && (asOf === undefined || since <= asOf))
    .map(({ subject, clusterName, reason }) => [
      subject.slice(0, subject.indexOf(' ')),
      `${subject}, which is not recorded in ${clusterName}: ${reason}`,
    ]);
}

/**
 * The reason of an error names the control after the object: `Deployment shop/web: host-pid failed: ...`. Of a moment those are
 * known that have lasted since.
 */
function errorsOf(coverage: readonly CoverageItem[], asOf: Date | undefined): ReadonlyMap<string, string> {
  const errors = new Map<string, string>();
  for (const { code, reason, since } of coverage) {
    if (asOf !== undefined && since > asOf) continue;
    const control = code === 'control-error' ? / ([a-z0-9-]+) failed: /.exec(reason)?.[1] : undefined;
    if (control !== undefined && !errors.has(control)) errors.set(control, reason);
  }
  return errors;
}

function standing(control: Control, known: Known): ControlStanding {
  const counts = noRequirementCounts();
  for (const { open, excepted } of known.counts.get(control.id) ?? []) {
    counts.fail += open;
    counts.excepted += excepted;
  }
  const error = known.errors.get(control.id);
  if (error !== undefined) return { counts: { ...counts, error: 1 }, reason: error };
  const range = rangeOf(control, known.versions);
  if (range?.verdict === 'not-applicable')
    return { counts: { ...counts, 'not-applicable': 1 }, reason: range.reason };
  const unseen = unseenKind(control, known);
  if (unseen !== undefined)
    return {
      counts: { ...counts, 'not-checked': 1 },
      reason: `${control.id} looks at ${unseen}`,
    };
  if (known.unknown !== undefined)
    return { counts: { ...counts, 'not-checked': 1 }, reason: `Nothing was seen of ${known.unknown}.` };
  if (counts.fail + counts.excepted > 0 || !hasSubjects(control, known)) return { counts };
  // Otherwise what was found shows that the rule was there.
  if (range !== undefined) return { counts: { ...counts, 'not-checked': 1 }, reason: range.reason };
  return { counts: { ...counts, pass: 1 } };
}

/** Why the versions of all clusters keep a rule from being there, or from being known to be; undefined where one has it. */
function rangeOf(
  { id, kubernetes }: Control,
  versions: readonly VersionSpan[],
): { readonly verdict: 'not-applicable' | 'not-checked'; readonly reason: string } | undefined {
  const { from = 0, to = Number.POSITIVE_INFINITY } = kubernetes ?? {};
  if (versions.length === 0 || versions.some((each) => each.from >= from && each.to <= to)) return undefined;
  const range = versions.some((each) => each.from < from)
    ? `The rule of ${id} exists from Kubernetes 1.${from} on`
    : `The rule of ${id} exists up to Kubernetes 1.${to}`;
  if (versions.every((each) => each.to < from || each.from > to))
    return { verdict: 'not-applicable', reason: `${range}.` };
  return { verdict: 'not-checked', reason: `${range}, and which version ran at that moment is not known.` };
}

function hasSubjects({ appliesTo }: Control, { kinds, hasPods }: Known): boolean {
  if (appliesTo.per !== 'object') return hasPods;
  return appliesTo.kinds.some((kind) => (kind === '*' ? kinds.size > 0 : kinds.has(kind)));
}

/** A kind that the control judges or reads, directly or through analyses, and that is not seen in some cluster. */
function unseenKind({ appliesTo, reads }: Control, { unseen }: Known): string | undefined {
  if (unseen.size === 0) return undefined;
  const subjects = appliesTo.per === 'object' ? appliesTo.kinds : [ANY_WORKLOAD];
  for (const kind of kindsOf([...subjects, ...reads])) {
    const found = unseen.get(kind);
    if (found !== undefined) return found;
  }
  return undefined;
}

function* kindsOf(reads: readonly Read[]): Generator<string> {
  for (const read of reads)
    if (typeof read !== 'string') yield* kindsOf(read.reads);
    else if (read === ANY_WORKLOAD) yield* WORKLOAD_KINDS;
    else yield read;
}
