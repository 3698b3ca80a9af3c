import { z } from 'zod';
import { auditSource } from './audit-log.ts';
import { defineRoute } from './contract.ts';
import { clusterRef, count, counts, idParams, listQuery, moment, pageOf } from './vocabulary.ts';

export const kindState = z
  .strictObject({
    kind: z.string().describe('Kind, with its API group: apps/Deployment.'),
    state: z.enum(['pending', 'listing', 'live', 'denied', 'stale', 'absent']),
    reason: z.string().nullable().describe('Why it is not live.'),
    missingRule: z.string().nullable().describe('The RBAC rule that is missing, as YAML.'),
    objects: count,
    since: moment.describe('Since when it is in this state.'),
  })
  .describe('How much of a kind is seen.');

export const cluster = clusterRef
  .extend({
    server: z.string().describe('Address of the API server; empty for a demonstration.'),
    uid: z.string().describe('UID of the namespace kube-system: what the cluster is known by.'),
    version: z.string().describe('Version of the API server.'),
    isDemo: z.boolean(),
    state: z.enum(['connecting', 'syncing', 'live', 'stale', 'gone']),
    reason: z
      .string()
      .nullable()
      .describe('Why it is not live; of a demonstration, how much of its history is there until all is.'),
    lastSeen: moment.nullable(),
    firstSeen: moment.describe('The first moment of which something is known: that of the first judgement.'),
    seen: z
      .strictObject({
        percent: z.number().min(0).max(100).describe('How much of what was asked for was seen and judged.'),
        kinds: count,
        kindsSeen: count,
        lost: count.describe('Coverage entries that say what was not judged.'),
      })
      .describe('How much was seen and judged; no figure where nothing was seen.')
      .nullable(),
    objects: count,
    workloads: count,
    pods: count,
    nodes: count,
    findings: counts,
    auditLog: z.array(auditSource).describe('Where its audit events come from; empty where none is read.'),
  })
  .describe('A cluster and its state.');
export type ClusterItem = z.output<typeof cluster>;

export const coverageItem = z.strictObject({
  cluster: clusterRef,
  code: z.string(),
  kind: z.enum(['lost', 'note']),
  subject: z.string().describe('What it is about: a kind, an object, a control.'),
  reason: z.string(),
  remedy: z.string().nullable().describe('What makes it go away, such as the missing rule.'),
  since: moment,
});

export const clusterRoutes = {
  listClusters: defineRoute({
    id: 'listClusters',
    method: 'GET',
    path: '/api/v1/clusters',
    permission: 'view',
    tag: 'clusters',
    summary: 'Lists the clusters, with their state and how much of each is seen.',
    response: z.strictObject({ items: z.array(cluster) }),
  }),
  getCluster: defineRoute({
    id: 'getCluster',
    method: 'GET',
    path: '/api/v1/clusters/:id',
    permission: 'view',
    tag: 'clusters',
    summary: 'Gives one cluster, with the state of every kind.',
    params: idParams,
    response: cluster.extend({ kinds: z.array(kindState) }),
  }),
  deleteCluster: defineRoute({
    id: 'deleteCluster',
    method: 'DELETE',
    path: '/api/v1/clusters/:id',
    permission: 'administer',
    tag: 'clusters',
    summary: 'Removes a cluster that no hub watches, with all that is known of it, now and in the past.',
    params: idParams,
  }),
  listCoverage: defineRoute({
    id: 'listCoverage',
    method: 'GET',
    path: '/api/v1/coverage',
    permission: 'view',
    tag: 'coverage',
    summary: 'Lists what was not seen or judged.',
    query: listQuery.omit({ namespace: true }),
    response: pageOf(coverageItem),
  }),
} as const;
