import { z } from 'zod';
import { workloadBuild } from './builds.ts';
import { defineRoute } from './contract.ts';
import { timelineEvent } from './findings.ts';
import { secretDetail, secretItem } from './secrets.ts';
import {
  actor,
  clusterRef,
  count,
  counts,
  inDigits,
  inPods,
  moment,
  pageOf,
  resourceRef,
  rowIdInDigits,
  severity,
  timedListQuery,
} from './vocabulary.ts';

export const PSS_LEVELS = ['privileged', 'baseline', 'restricted'] as const;

export const workload = z.strictObject({
  cluster: clusterRef,
  resource: resourceRef,
  owner: z.string().nullable(),
  environment: z.string().nullable(),
  criticality: z.string().nullable(),
  images: z.array(z.string()).describe('Of its template.'),
  serviceAccount: z.string(),
  podImages: z.array(z.string()).describe('Images that its pods run and its template does not name.'),
  podAccounts: z.array(z.string()).describe('Service accounts that its pods run as, and not its template.'),
  pods: count,
  nodes: z.array(z.string()),
  worst: severity.nullable(),
  findings: counts,
  firstSeen: moment,
  changed: moment,
});
export type WorkloadItem = z.output<typeof workload>;

const container = z.strictObject({
  name: z.string(),
  kind: z.enum(['init', 'sidecar', 'regular', 'ephemeral']),
  image: z.string(),
  digest: z
    .string()
    .nullable()
    .describe('What runs, as pods say; where they say nothing, what the image names; null for unknown.'),
  inPods,
  settings: z.array(
    z.strictObject({
      name: z.string(),
      value: z.string(),
      from: z.string().describe('Where the value comes from.'),
      inPods,
    }),
  ),
});

export const fieldChange = z
  .strictObject({
    path: z.string(),
    before: z.string().nullable().describe('As text; null where there was no such field.'),
    after: z.string().nullable(),
  })
  .describe('A field that two versions of an object do not have in common.');
export type FieldChangeItem = z.output<typeof fieldChange>;

export const change = z.strictObject({
  id: z.int(),
  cluster: clusterRef,
  at: moment,
  resource: resourceRef,
  verb: z.enum(['created', 'changed', 'deleted']),
  actor,
  opened: count,
  resolved: count,
});
export type ChangeItem = z.output<typeof change>;

const decisions = z
  .array(timelineEvent.extend({ fingerprint: z.string(), control: z.string() }))
  .describe('What people decided and said about the findings that it has, newest first.');

const seenInPods = z
  .enum(['template', 'object'])
  .nullable()
  .describe(
    'What of it is known from its pods alone, which name it as what controls them: its template, or the whole object; null for nothing.',
  );

const kindInQueries = z
  .string()
  .describe(
    'Its kind as queries have it, so that they find no other: with its API group where several groups have a kind of that name.',
  );

export const passport = workload.extend({
  kindInQueries,
  seenInPods,
  labels: z.record(z.string(), z.string()),
  containers: z.array(container),
  hostAccess: z.array(z.string()).describe('Sentences on what of its node it can reach.'),
  reach: z.array(z.string()).describe('Sentences on who reaches it and what it reaches.'),
  secrets: z.array(z.strictObject({ name: z.string(), via: z.string(), inPods })),
  volumes: z.array(z.strictObject({ name: z.string(), type: z.string(), detail: z.string(), inPods })),
  accounts: z
    .array(z.strictObject({ name: z.string(), inPods }))
    .describe('The service accounts that its templates and its pods run as.'),
  permissions: z.array(
    z.strictObject({ rule: z.string(), via: z.string(), account: z.string().describe('Whose it is.') }),
  ),
  pss: z.strictObject({ level: z.enum(PSS_LEVELS), blockedBy: z.array(z.string()) }),
  podList: z.array(
    z.strictObject({
      name: z.string(),
      node: z.string().nullable(),
      phase: z.string().nullable(),
      ip: z.string().nullable(),
    }),
  ),
  build: workloadBuild,
  timeline: z.array(change).describe('Changes of it, newest first.'),
  decisions,
});
export type Passport = z.output<typeof passport>;

export const namespaceItem = z.strictObject({
  cluster: clusterRef,
  name: z.string(),
  owner: z.string().nullable(),
  environment: z.string().nullable(),
  criticality: z.string().nullable(),
  enforced: z.enum(PSS_LEVELS).nullable().describe('What its labels enforce; null for no label.'),
  enforcedVersion: z
    .string()
    .nullable()
    .describe(
      'The version of Kubernetes whose rules it enforces, such as "1.7", where its label pins an older one than the cluster runs; else null.',
    ),
  possible: z
    .enum(PSS_LEVELS)
    .nullable()
    .describe('The strictest level that everything in it would pass; null where not all that runs is seen.'),
  notKnown: z
    .string()
    .nullable()
    .describe('Why `possible` is null, such as "Deployments could not be read"; else null.'),
  blockedBy: z.array(z.string()).describe('Controls that stand in the way of the next level.'),
  refusedCount: count.describe('What runs in it and makes pods that the enforced level refuses from now on.'),
  refused: z
    .array(
      z.strictObject({
        kind: z.string(),
        group: z.string().describe('API group; empty for the core one.'),
        kindInQueries,
        name: z.string(),
        controls: z.array(z.string()).describe('Controls of the enforced level that it fails.'),
      }),
    )
    .describe(
      'The first of them by name, and more where fewer namespaces are asked for: their pods run on, and the next ones are refused.',
    ),
  workloads: count
    .nullable()
    .describe('Null where none is known, and not every kind of them is seen, or was at the moment.'),
  pods: count.nullable().describe('Null where pods are not seen, or were not at the moment.'),
  hasPolicies: z
    .boolean()
    .nullable()
    .describe(
      'Whether a network policy selects anything in it; null where none is known that does, and not every kind of policy is seen, or was at the moment.',
    ),
  worst: severity.nullable(),
  findings: counts,
  firstSeen: moment,
});

export type NamespaceItem = z.output<typeof namespaceItem>;

export const nodeItem = z.strictObject({
  cluster: clusterRef,
  name: z.string(),
  kindInQueries,
  kubelet: z.string(),
  runtime: z.string(),
  kernel: z.string(),
  os: z.string(),
  architecture: z.string(),
  addresses: z.array(z.string()),
  roles: z.array(z.string()),
  taints: z.array(z.string()),
  pods: count.nullable().describe('Null where pods are not seen, or were not at the moment.'),
  skew: z
    .int()
    .nullable()
    .describe(
      'Minor versions that its kubelet is behind the API server, as of now; below 0 for ahead, null for unknown.',
    ),
  endOfLife: z
    .string()
    .nullable()
    .describe('Last day of support of its Kubernetes version; null for unknown.'),
  runtimeEndOfLife: z
    .string()
    .nullable()
    .describe('Last day of support of its container runtime; null for unknown.'),
  osEndOfLife: z.string().nullable().describe('Last day of free support of its system; null for unknown.'),
  problems: z
    .array(z.string())
    .describe('What breaks the version skew policy or is out of support, in sentences.'),
  firstSeen: moment,
});
export type NodeItem = z.output<typeof nodeItem>;

export const resourceItem = z.strictObject({
  cluster: clusterRef,
  resource: resourceRef,
  owner: z.string().nullable(),
  firstSeen: moment,
  changed: moment,
  findings: count,
});

/** Names an object in a path. */
export const named = z.strictObject({
  cluster: rowIdInDigits,
  kind: z.string().describe('Kind, with its API group after a dot: Deployment.apps.'),
  namespace: z.string().describe('Namespace; - for cluster-scoped kinds.'),
  name: z.string(),
});
const atMoment = z.strictObject({ asOf: moment.optional() });

function list<const Id extends string, T extends z.ZodType>(
  id: Id,
  path: `/${string}`,
  summary: string,
  item: T,
) {
  return defineRoute({
    id,
    method: 'GET',
    path,
    permission: 'view',
    tag: 'inventory',
    summary,
    query: timedListQuery,
    response: pageOf(item),
  });
}

export const inventoryRoutes = {
  listWorkloads: list(
    'listWorkloads',
    '/api/v1/workloads',
    'Lists what runs pods, one item for each top owner.',
    workload,
  ),
  listNamespaces: list(
    'listNamespaces',
    '/api/v1/namespaces',
    'Lists namespaces, with the level each could enforce.',
    namespaceItem,
  ),
  listNodes: defineRoute({
    id: 'listNodes',
    method: 'GET',
    path: '/api/v1/nodes',
    permission: 'view',
    tag: 'inventory',
    summary: 'Lists nodes and their versions.',
    query: timedListQuery.omit({ namespace: true }),
    response: pageOf(nodeItem),
  }),
  listSecrets: list(
    'listSecrets',
    '/api/v1/secrets',
    'Lists secrets by name, and who uses them.',
    secretItem,
  ),
  getSecret: defineRoute({
    id: 'getSecret',
    method: 'GET',
    path: '/api/v1/clusters/:cluster/secrets/:namespace/:name',
    permission: 'view',
    tag: 'inventory',
    summary: 'Gives one secret: what uses it, and who may read it by which binding and role; never a value.',
    params: z.strictObject({ cluster: rowIdInDigits, namespace: z.string(), name: z.string() }),
    query: atMoment,
    response: secretDetail,
  }),
  listResources: list('listResources', '/api/v1/resources', 'Lists objects of every kind.', resourceItem),
  listChanges: list(
    'listChanges',
    '/api/v1/changes',
    'Lists changes, newest first, with who made them.',
    change,
  ),
  getWorkload: defineRoute({
    id: 'getWorkload',
    method: 'GET',
    path: '/api/v1/clusters/:cluster/workloads/:kind/:namespace/:name',
    permission: 'view',
    tag: 'inventory',
    summary: 'Gives the passport of a workload: what, where, how, what it can access, whose it is.',
    params: named,
    query: atMoment,
    response: passport,
  }),
  getResource: defineRoute({
    id: 'getResource',
    method: 'GET',
    path: '/api/v1/clusters/:cluster/resources/:kind/:namespace/:name',
    permission: 'view',
    tag: 'inventory',
    summary: 'Gives an object as stored, secrets redacted, with its history.',
    params: named,
    query: atMoment,
    response: resourceItem.extend({
      kindInQueries,
      seenInPods,
      yaml: z.string(),
      history: z.array(change),
      decisions,
    }),
  }),
  getChange: defineRoute({
    id: 'getChange',
    method: 'GET',
    path: '/api/v1/clusters/:cluster/changes/:id',
    permission: 'view',
    tag: 'inventory',
    summary: 'Gives one change: before, after, and the findings that it opened and resolved.',
    params: z.strictObject({
      cluster: rowIdInDigits,
      id: inDigits(z.int().positive()),
    }),
    response: change.extend({
      before: z.string().nullable(),
      after: z.string().nullable(),
      fields: z.array(fieldChange).describe('What it changed; none where it created or deleted the object.'),
      findings: z.array(
        z.strictObject({
          fingerprint: z.string(),
          control: z.string(),
          severity,
          message: z.string(),
          verb: z.enum(['opened', 'resolved']),
        }),
      ),
    }),
  }),
} as const;
