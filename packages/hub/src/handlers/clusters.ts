import { AppError } from '@bulwark/core';
import { type ClusterRecord, listClusters, listCoverage, type Store } from '@bulwark/store';
import type { Handlers } from '../http/handler.ts';
import { countsOf, iso, isoOrNull, scopeFor } from './convert.ts';

function seenOf({ kinds, lost }: ClusterRecord) {
  const asked = kinds.filter(({ state }) => state !== 'absent');
  const seen = asked.filter(({ state }) => state === 'live').length;
  // Who sees nothing gets no figure: 0 % of nothing looks like a measurement.
  if (seen === 0) return null;
  return {
    percent: Math.floor((1000 * seen) / asked.length) / 10,
    kinds: asked.length,
    kindsSeen: seen,
    lost,
  };
}

function itemOf(record: ClusterRecord) {
  const { id, name, server, uid, version, isDemo, state, reason, objects, workloads, pods, nodes } = record;
  return {
    id,
    name,
    server,
    uid,
    version,
    isDemo,
    state,
    reason,
    lastSeen: isoOrNull(record.lastSeen),
    firstSeen: iso(record.firstSeen),
    seen: seenOf(record),
    objects,
    workloads,
    pods,
    nodes,
    findings: countsOf(record.counts),
  };
}

/** Clusters, and what was not seen of them. */
export function clusterHandlers(store: Store): Handlers<'listClusters' | 'getCluster' | 'listCoverage'> {
  return {
    listClusters: async (_input, { caller }) => ({
      items: (await listClusters(store, scopeFor(caller))).map(itemOf),
    }),
    getCluster: async ({ params }, { caller }) => {
      const [record] = await listClusters(store, scopeFor(caller, params.id));
      if (record === undefined) throw new AppError('not-found');
      return { ...itemOf(record), kinds: [...record.kinds] };
    },
    listCoverage: async ({ query }, { caller }) => {
      const records = await listCoverage(store, scopeFor(caller, query.cluster));
      const items = records.map(({ clusterId, clusterName, code, kind, subject, reason, remedy, since }) => ({
        cluster: { id: clusterId, name: clusterName },
        code,
        kind,
        subject,
        reason,
        remedy,
        since: iso(since),
      }));
      return { items, next: null, total: items.length };
    },
  };
}
