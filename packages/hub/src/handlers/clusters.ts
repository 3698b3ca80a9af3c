import { AppError, COVERAGE_FIELDS } from '@bulwark/core';
import {
  type AuditSourceRecord,
  type ClusterRecord,
  clusterFacts,
  deleteCluster,
  forgetExceptions,
  listAuditSources,
  listClusters,
  listCoverage,
  objectsByKind,
  type Scope,
  type Store,
  scopeOf,
} from '@bulwark/store';
import type { Handlers } from '../http/handler.ts';
import { auditCoverage, auditSourceItem, NO_AUDIT_LOG } from './audit-log.ts';
import { clockRecords } from './clock-faults.ts';
import { countsOf, iso, isoOrNull, scopeFor } from './convert.ts';
import { type MemoryList, pageInMemory } from './memory-page.ts';
import { foundInMemory, type MemoryFields } from './memory-query.ts';

function seenOf({ kinds, lost }: ClusterRecord) {
  const asked = kinds.filter(({ state }) => state !== 'absent');
  const seen = asked.filter(({ state }) => state === 'live').length;
  return figureOf({ asked: asked.length, seen, lost });
}

/** How much of a cluster is seen, of as many kinds as are asked for. */
export function figureOf({
  asked,
  seen,
  lost,
}: {
  readonly asked: number;
  readonly seen: number;
  readonly lost: number;
}) {
  // Who sees nothing gets no figure: 0 % of nothing looks like a measurement.
  if (seen === 0) return null;
  return { percent: Math.floor((1000 * seen) / asked) / 10, kinds: asked, kindsSeen: seen, lost };
}

function itemOf(record: ClusterRecord, sources: readonly AuditSourceRecord[]) {
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
    auditLog: sources.filter(({ clusterId }) => clusterId === id).map(auditSourceItem),
  };
}

/** The clusters of a scope, with how much of each is seen. */
export async function clusterItems(store: Store, scope: Scope) {
  const [clusters, sources] = await Promise.all([listClusters(store, scope), listAuditSources(store, scope)]);
  return clusters.map((record) => itemOf(record, sources));
}

/** What was not seen or judged, and how the actors of changes are known. */
export async function coverageItems(store: Store, scope: Scope) {
  const [records, clusters, sources, clocks] = await Promise.all([
    listCoverage(store, scope),
    listClusters(store, scope),
    listAuditSources(store, scope),
    clockRecords(store, scope),
  ]);
  const notes = clusters.flatMap(({ id, name, isDemo, firstSeen }) => {
    const own = sources.filter(({ clusterId }) => clusterId === id);
    const known = own.length > 0 || isDemo ? auditCoverage(own) : [{ ...NO_AUDIT_LOG, since: firstSeen }];
    return known.map((note) => ({ ...note, clusterId: id, clusterName: name }));
  });
  return [...clusters.flatMap(awayOf), ...records, ...clocks, ...notes].map(
    ({ clusterId, clusterName, since, ...record }) => ({
      cluster: { id: clusterId, name: clusterName },
      code: record.code,
      kind: record.kind,
      subject: record.subject,
      reason: record.reason,
      remedy: record.remedy,
      since: iso(since),
    }),
  );
}

/** What a cluster that does not answer means for all that is said of it. */
function awayOf({ id, name, server, state, reason, firstSeen, lastSeen }: ClusterRecord) {
  if (state !== 'stale' && state !== 'connecting') return [];
  const since = lastSeen ?? firstSeen;
  const until = lastSeen === null ? 'It has never answered' : `It was last seen at ${iso(since)}`;
  return [
    {
      code: 'cluster-away',
      kind: 'lost' as const,
      subject: `the cluster at ${server}`,
      reason: reason === null ? `${until}.` : `${until}: ${reason}`,
      remedy: null,
      since,
      clusterId: id,
      clusterName: name,
    },
  ];
}

type CoverageItem = Awaited<ReturnType<typeof coverageItems>>[number];

/** How coverage is asked for. */
export const COVERAGE: MemoryFields<CoverageItem> = {
  fields: COVERAGE_FIELDS,
  values: {
    cluster: ({ cluster }) => cluster.name,
    kind: ({ kind }) => kind,
    code: ({ code }) => code,
    subject: ({ subject }) => subject,
    age: ({ since }, now) => now - Date.parse(since),
  },
  texts: ({ subject, reason, code }) => [subject, reason, code],
};

const COVERAGE_LIST: MemoryList<CoverageItem> = {
  sorts: {
    kind: ({ kind }) => kind,
    cluster: ({ cluster }) => cluster.name,
    subject: ({ subject }) => subject,
    since: ({ since }) => since,
  },
  standard: 'kind',
  keyOf: ({ cluster, subject, code }) => JSON.stringify([cluster.name, cluster.id, subject, code]),
};

/** Clusters, and what was not seen of them. */
export function clusterHandlers(
  store: Store,
): Handlers<'listClusters' | 'getCluster' | 'deleteCluster' | 'listCoverage'> {
  return {
    listClusters: async (_input, { caller }) => ({ items: await clusterItems(store, scopeFor(caller)) }),
    getCluster: async ({ params }, { caller }) => {
      const scope = scopeFor(caller, params.id);
      const [record] = await listClusters(store, scope);
      if (record === undefined) throw new AppError('not-found');
      const item = itemOf(record, await listAuditSources(store, scope));
      if (scope.namespaces === 'all') return { ...item, kinds: [...record.kinds] };
      const objects = await objectsByKind(store, scope, params.id);
      return {
        ...item,
        kinds: record.kinds.map((kind) => ({ ...kind, objects: objects.get(kind.kind) ?? 0 })),
      };
    },
    deleteCluster: async ({ params }, { note }) => {
      const [known] = await clusterFacts(store, scopeOf({ clusters: [params.id], namespaces: 'all' }));
      if (known !== undefined) note({ name: known.name });
      const removed = await deleteCluster(store, params.id);
      if (removed === 'unknown') throw new AppError('not-found');
      if (removed === 'watched')
        throw new AppError('conflict', {
          detail: 'A hub watches this cluster and would only see it anew: start the hub without it first.',
        });
      await forgetExceptions(store.pool);
      return undefined;
    },
    listCoverage: async ({ query }, { caller, now }) => {
      const all = await coverageItems(store, scopeFor(caller, query.cluster));
      const page = pageInMemory(foundInMemory(all, COVERAGE, { q: query.q, now }), COVERAGE_LIST, query);
      return { ...page, items: [...page.items] };
    },
  };
}
