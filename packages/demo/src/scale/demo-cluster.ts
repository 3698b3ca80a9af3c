import { type JsonObject, objectAt, stringAt } from '@bulwark/core';
import { bindingObject, roleObject } from '../app/access.ts';
import type { AppSpec, NamespaceSpec } from '../app/app-spec.ts';
import { callersOf, defaultDeny } from '../app/network-policy.ts';
import { dependentsOf, replicaSetOf } from '../live/dependents.ts';
import { lastRuns } from '../live/jobs.ts';
import { type NodeSpec, nodeObject } from '../live/nodes.ts';
import { storedObject, volumeOf } from '../live/stored.ts';
import { SeededRandom } from '../seeded/random.ts';
import { priorityClasses } from '../shop/cluster-objects.ts';
import { namespaceObjects } from '../shop/namespaces.ts';
import { BUILT_IN_ROLES } from '../shop/roles.ts';
import { namedKeys, opaqueSecret } from '../shop/secrets.ts';
import { appObjects } from '../shop/units.ts';
import { withManagedFields } from './managed-fields.ts';
import { type KindCounts, randomNamespaces } from './random-apps.ts';

/** How large a cluster is to be; each number is met exactly. */
export interface ClusterSize {
  readonly seed: string;
  /** The moment as which it is seen, in milliseconds since 1970. */
  readonly now: number;
  readonly namespaces: number;
  readonly workloads: number;
  readonly pods: number;
  readonly objects: number;
}

const PODS_A_NODE = 50;
const DAY = 86_400_000;

/**
 * A cluster for measurements: applications of every kind and care, made up at random, with everything around them as an API
 * server gives it, managed fields included. Equal sizes and seeds give equal clusters.
 *
 * @throws Error when so many workloads, pods or objects cannot be met, with the least number that can.
 */
export function demoCluster(size: ClusterSize): JsonObject[] {
  const random = new SeededRandom(size.seed);
  const nodes = nodesFor(Math.max(1, Math.ceil(size.pods / PODS_A_NODE)));
  const kinds = kindCounts(size.workloads);
  const namespaces = randomNamespaces(random.fork('apps'), size.namespaces, kinds);
  const placed = withReplicas(namespaces, {
    random: random.fork('replicas'),
    pods: size.pods,
    nodes: nodes.length,
  });
  const created = new Date(size.now - 100 * DAY).toISOString();
  const objects = [
    ...nodes.map((node) => nodeObject(node, created)),
    ...[...BUILT_IN_ROLES.map(roleObject), ...priorityClasses(), ...secretsOf(placed)].map((object) =>
      storedObject(object, created),
    ),
    ...placed.flatMap((namespace) => objectsOf(namespace, { nodes, created, now: size.now })),
  ];
  if (objects.length > size.objects) throw new Error(`such a cluster has at least ${objects.length} objects`);
  const filling = fill(placed, size.objects - objects.length, created);
  return [...objects, ...filling].map(withManagedFields);
}

function secretsOf(namespaces: readonly NamespaceSpec[]): JsonObject[] {
  return [...namedKeys(namespaces)].map(([secret, keys]) => opaqueSecret(secret, keys));
}

function nodesFor(count: number): NodeSpec[] {
  return Array.from({ length: count }, (_item, index) => ({
    name: `node-${String(index + 1).padStart(3, '0')}`,
    pool: 'general',
    zone: 'abc'[index % 3] ?? 'a',
    number: index + 1,
    kubelet: index % 10 === 0 ? 'v1.33.5' : 'v1.34.1',
    kernel: '6.12.43+deb13-amd64',
    system: 'Debian GNU/Linux 13 (trixie)',
    runtime: 'containerd://2.1.4',
  }));
}

function kindCounts(workloads: number): KindCounts {
  const StatefulSet = Math.floor(workloads * 0.1);
  const CronJob = Math.floor(workloads * 0.1);
  const DaemonSet = Math.min(4, Math.floor(workloads / 50));
  return { StatefulSet, CronJob, DaemonSet, Deployment: workloads - StatefulSet - CronJob - DaemonSet };
}

/** Gives the Deployments as many replicas as make up the number of pods; a few have many. */
function withReplicas(
  namespaces: readonly NamespaceSpec[],
  { random, pods, nodes }: { random: SeededRandom; pods: number; nodes: number },
): NamespaceSpec[] {
  const apps = namespaces.flatMap((namespace) => namespace.apps);
  const taken = { DaemonSet: nodes, CronJob: 1, Deployment: 1, Pod: 1 };
  const least = apps.reduce(
    (sum, { kind = 'Deployment', replicas = 1 }) => sum + (kind === 'StatefulSet' ? replicas : taken[kind]),
    0,
  );
  if (least > pods) throw new Error(`such a cluster has at least ${least} pods`);
  const deployments = apps.filter(({ kind }) => kind === 'Deployment');
  const replicas = new Map<AppSpec, number>(deployments.map((app) => [app, 1]));
  for (let left = pods - least; left > 0 && deployments.length > 0; left--) {
    // The square of an even number makes some much larger than others.
    const app = deployments[Math.floor(random.next() ** 2 * deployments.length)];
    if (app !== undefined) replicas.set(app, (replicas.get(app) ?? 0) + 1);
  }
  return namespaces.map((namespace) => ({
    ...namespace,
    apps: namespace.apps.map((app) => {
      const count = replicas.get(app);
      return count === undefined ? app : { ...app, replicas: count };
    }),
  }));
}

interface Around {
  readonly nodes: readonly NodeSpec[];
  readonly created: string;
  readonly now: number;
}

function objectsOf(namespace: NamespaceSpec, { nodes, created, now }: Around): JsonObject[] {
  const callers = callersOf([]);
  const written = [
    ...namespaceObjects(namespace),
    ...defaultDeny(namespace),
    ...namespace.apps.flatMap((app) => appObjects({ app, namespace }, callers)),
  ].map((object) => storedObject(object, created));
  return written.flatMap((object) => [object, ...madeBy(object, { nodes, created, now })]);
}

function madeBy(object: JsonObject, { nodes, created, now }: Around): JsonObject[] {
  switch (stringAt(object, 'kind')) {
    case 'CronJob':
      return lastRuns(object, now, nodes)
        .slice(-1)
        .flatMap(({ job, pod }) => [job, pod]);
    case 'PersistentVolumeClaim':
      return [volumeOf(object)];
    case 'Deployment':
      return [...dependentsOf(object, { nodes, since: created }), formerRevision(object, created)];
    default:
      return dependentsOf(object, { nodes, since: created });
  }
}

/** The ReplicaSet of a Deployment's template before, scaled down. */
function formerRevision(deployment: JsonObject, created: string): JsonObject {
  const template = objectAt(deployment, 'spec', 'template');
  const metadata = { ...objectAt(template, 'metadata'), annotations: { revision: 'before' } };
  const spec = { ...objectAt(deployment, 'spec'), replicas: 0, template: { ...template, metadata } };
  return replicaSetOf({ ...deployment, spec }, created);
}

/** Objects of the kinds that clusters collect over the years. */
function fill(namespaces: readonly NamespaceSpec[], count: number, created: string): JsonObject[] {
  return Array.from({ length: count }, (_item, index) => {
    // Five in a row are of one namespace, for a binding names the role before it.
    const namespace = namespaces[Math.floor(index / FILLING.length) % namespaces.length]?.name ?? 'default';
    return storedObject(FILLING[index % FILLING.length]?.(namespace, index) ?? {}, created);
  });
}

const FILLING: readonly ((namespace: string, index: number) => JsonObject)[] = [
  (namespace, index) => configMap(namespace, `settings-${index}`),
  (namespace, index) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `credentials-${index}`, namespace },
    type: 'Opaque',
    data: { username: 8, password: 24 },
  }),
  (namespace, index) =>
    roleObject({
      role: `${namespace}/reader-${index}`,
      rights: [
        'get,list,watch core:pods,configmaps',
        index % 40 === 2 ? 'get core:secrets' : 'get apps:deployments',
      ],
    }),
  (namespace, index) =>
    bindingObject({
      binding: `${namespace}/reader-${index}`,
      role: `${namespace}/reader-${index - 1}`,
      to: [`group:team-${index % 30}`, `sa:${namespace}/default`],
    }),
  (namespace, index) => configMap(namespace, `release-${index}`),
];

function configMap(namespace: string, name: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data: { 'config.yaml': `name: ${name}\nlevel: info\n`.repeat(12) },
  };
}
