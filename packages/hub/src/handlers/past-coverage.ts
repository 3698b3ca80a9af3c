import { type ClusterFacts, clocksAhead, clusterFacts, type Scope, type Store } from '@bulwark/store';
import { CLOCK_WAS_AHEAD } from './clock-faults.ts';
import { clusterItems, coverageItems, figureOf } from './clusters.ts';
import { iso } from './convert.ts';
import { isOfUnseenKind } from './unseen-kind.ts';

type Cluster = Awaited<ReturnType<typeof clusterItems>>[number];
type Entry = Awaited<ReturnType<typeof coverageItems>>[number];

/** The clusters that something is about, and what of them is not known. */
export interface ClusterSight {
  readonly clusters: readonly Cluster[];
  readonly entries: readonly Entry[];
}

/** How much is seen of the clusters of a scope now. */
export async function sightNow(store: Store, scope: Scope): Promise<ClusterSight> {
  const [clusters, entries] = await Promise.all([clusterItems(store, scope), coverageItems(store, scope)]);
  return { clusters, entries };
}

/**
 * How much was seen of the clusters of a scope at a moment: the kinds. What else there is to say is of the present, as far as it
 * was so then.
 */
export async function sightAt(store: Store, scope: Scope, asOf: Date): Promise<ClusterSight> {
  const [now, facts, clocks] = await Promise.all([
    sightNow(store, scope),
    clusterFacts(store, scope, asOf),
    clocksAhead(store, scope),
  ]);
  const untrue = new Set(
    clocks
      .filter(({ since, until }) => since <= asOf && asOf < until)
      .map(({ clusterId, since }) => `${clusterId} ${iso(since)}`),
  );
  const factsOf = new Map(facts.map((each) => [each.id, each]));
  const unseen = facts.flatMap((cluster) => unseenEntries(cluster, now.entries, asOf));
  const others = now.entries
    .filter(
      (entry) =>
        factsOf.has(entry.cluster.id) && !isOfUnseenKind(entry) && Date.parse(entry.since) <= asOf.getTime(),
    )
    .flatMap((entry): Entry[] => {
      if (entry.code !== CLOCK_WAS_AHEAD) return [entry];
      // What was there then was written at other moments.
      return untrue.has(`${entry.cluster.id} ${entry.since}`) ? [{ ...entry, kind: 'lost' }] : [];
    });
  const later = now.clusters.filter(({ id }) => !factsOf.has(id)).map((cluster) => laterEntry(cluster));
  const entries = [...later, ...unseen, ...others];
  const clusters = now.clusters.flatMap((cluster) => {
    const then = factsOf.get(cluster.id);
    const lost = entries.filter(({ kind, cluster: { id } }) => kind === 'lost' && id === cluster.id).length;
    return then === undefined ? [] : [{ ...cluster, seen: figureAt(then, lost) }];
  });
  return { clusters, entries };
}

function figureAt({ served, seen }: ClusterFacts, lost: number): Cluster['seen'] {
  return figureOf({
    asked: served.length,
    seen: served.filter((kind) => seen.get(kind) === true).length,
    lost,
  });
}

/** The kinds of a cluster that were not seen; why is known where they still are not. */
function unseenEntries({ id, name, seen }: ClusterFacts, now: readonly Entry[], asOf: Date): Entry[] {
  const kinds = [...seen].filter(([, isSeen]) => !isSeen).map(([kind]) => kind);
  return kinds.map(
    (kind) =>
      now.find((entry) => entry.cluster.id === id && isOfUnseenKind(entry, kind)) ?? {
        cluster: { id, name },
        code: 'kind-not-seen',
        kind: 'lost',
        subject: kind,
        reason: 'It was not seen at that moment.',
        remedy: null,
        since: iso(asOf),
      },
  );
}

function laterEntry({ id, name, server, firstSeen }: Cluster): Entry {
  return {
    cluster: { id, name },
    code: 'cluster-not-known',
    kind: 'lost',
    subject: `the cluster at ${server}`,
    reason: `It was first seen at ${firstSeen}: nothing is said of it.`,
    remedy: null,
    since: firstSeen,
  };
}
