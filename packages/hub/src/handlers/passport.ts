import { serviceAccountOf, workloadSecrets } from '@bulwark/analyses';
import {
  AppError,
  CHANGE_FIELDS,
  clusterRules,
  hasEnded,
  type KubernetesVersion,
  nameInQuery,
  namesOfKind,
  queryOfValues,
  type Resource,
  stringAt,
  World,
  type WorldView,
} from '@bulwark/core';
import {
  type ClusterFacts,
  clusterFacts,
  findResource,
  listChanges,
  listWorkloads,
  objectsOf,
  podBodiesOf,
  podsOf,
  type Scope,
  type Store,
  type StoredObject,
  sharedKindNames,
  type WorkloadRecord,
  within,
} from '@bulwark/store';
import type { Limits } from '../access/limits.ts';
import { seenInPodsOf } from '../cluster/recalled.ts';
import { claimedObjects } from './claimed-objects.ts';
import { containerSettings } from './container-settings.ts';
import { hostAccess } from './host-access.ts';
import { digestsOf, digestsOfContainer } from './image-digests.ts';
import { changeItem, workloadItem } from './inventory-items.ts';
import { listRequestOf } from './list-request.ts';
import { livePod, namespacesLeadingTo } from './live-pods.ts';
import { decisionsOf } from './object-decisions.ts';
import { type PassportContext, seenKinds } from './passport-context.ts';
import { permissionsOf } from './permissions.ts';
import { failing, type Level, levelOf, podFacts } from './pod-security.ts';
import { volumesOf } from './pod-volumes.ts';
import { rbacWorlds } from './rbac-world.ts';
import { REACH_KINDS, reachOf, WIDE_REACH_KINDS } from './reach.ts';
import { resourceOf } from './stored-world.ts';
import { buildOf } from './workload-build.ts';

/** A workload at a moment; undefined for the present one. */
export interface PassportKey {
  readonly cluster: number;
  /** With its API group: apps/Deployment. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly asOf: Date | undefined;
  readonly now: Date;
  /** Of whoever asks, as they were given. */
  readonly limits: Limits;
}

const MOST_CHANGES = 50;

/**
 * Everything that is known of one workload.
 *
 * @throws AppError `not-found` where there is no such workload, or it is out of scope.
 */
export async function passportOf(store: Store, scope: Scope, key: PassportKey) {
  const own = within(scope, key.cluster);
  const [record, object] = await Promise.all([findWorkload(store, own, key), findResource(store, own, key)]);
  if (record === undefined || object === undefined) throw new AppError('not-found');
  const livePods = podsOf(store, own, key);
  const [world, rbac, pods, facts, changes, bodies, decisions, shared] = await Promise.all([
    worldOf(store, own, { key, object, livePods }),
    rbacWorlds.of(store, own, { clusters: [key.cluster], asOf: key.asOf }),
    livePods,
    clusterFacts(store, own, key.asOf),
    listChanges(store, own, {
      ...listRequestOf({ limit: MOST_CHANGES }, CHANGE_FIELDS, key.now),
      asOf: key.asOf,
      of: key,
    }),
    podBodiesOf(store, own, key),
    decisionsOf(store, own, key),
    sharedKindNames(store, own),
  ]);
  const [cluster] = facts;
  const resource = resourceOf(object);
  const build = await buildOf(store, own, { key, object, digests: digestsOf(object, pods) });
  const context = { ...contextOf(world, cluster, scope.namespaces === 'all'), pods };
  return {
    ...workloadItem(record),
    kindInQueries: nameInQuery(key.kind, shared),
    seenInPods: seenInPodsOf(object) ?? null,
    labels: { ...record.labels },
    containers: containersOf(resource, world, pods),
    hostAccess: distinct(hostAccess(resource, context)),
    reach: distinct(reachOf(resource, context)),
    secrets: distinct(
      world
        .get(workloadSecrets)
        .of(resource)
        .map(({ name, via }) => ({ name, via })),
    ),
    volumes: distinct(volumesOf(resource)),
    permissions: accountsOf(resource).flatMap((name) => [
      ...permissionsOf(
        { kind: 'ServiceAccount', namespace: resource.namespace, name },
        { ...context, world: rbac.get(key.cluster) ?? world },
      ),
    ]),
    pss: await levelWithPods(store, own, {
      resource,
      bodies,
      version: clusterRules(cluster?.version ?? '').version,
    }),
    podList: pods.map(podItem),
    build,
    timeline: changes.items.map(changeItem),
    decisions,
  };
}

function contextOf(world: WorldView, cluster: ClusterFacts | undefined, isWhole: boolean): PassportContext {
  return { world, isSeen: seenKinds(cluster), isWhole };
}

/** The level that the workload and all its pods would pass: what is injected stands in no template. */
async function levelWithPods(
  store: Store,
  scope: Scope,
  {
    resource,
    bodies,
    version,
  }: {
    readonly resource: Resource;
    readonly bodies: readonly string[];
    readonly version: KubernetesVersion;
  },
): Promise<{ level: Level; blockedBy: string[] }> {
  const ofPods = await podFacts(version).of(store, scope, bodies);
  const { level, blockedBy } = levelOf([
    ...failing(resource, version),
    ...[...ofPods.values()].flatMap((each) => each.failing),
  ]);
  return { level, blockedBy: [...blockedBy] };
}

/** The service accounts that its pods run as: one, but for custom resources with several templates. */
function accountsOf({ workloads }: Resource): readonly string[] {
  return [...new Set(workloads.map(({ spec }) => serviceAccountOf(spec)))];
}

async function findWorkload(
  store: Store,
  scope: Scope,
  { kind, namespace, name, asOf, now }: PassportKey,
): Promise<WorkloadRecord | undefined> {
  const query = queryOfValues({ namespace, name, kind: namesOfKind(kind).withGroup });
  const page = await listWorkloads(store, scope, { query, limit: 100, now, asOf });
  return page.items.find(
    (record) => record.kind === kind && record.namespace === namespace && record.name === name,
  );
}

/** The workload and its pods, with everything that has to do with them: of its namespace, and of the whole cluster. */
async function worldOf(
  store: Store,
  scope: Scope,
  {
    key,
    object,
    livePods,
  }: {
    readonly key: PassportKey;
    readonly object: StoredObject;
    readonly livePods: Promise<Pods>;
  },
): Promise<WorldView> {
  const { cluster, namespace, asOf } = key;
  const [pods, near, far, claimed] = await Promise.all([
    livePods,
    objectsOf(store, scope, {
      cluster,
      kinds: REACH_KINDS.filter((kind) => !WIDE_REACH_KINDS.includes(kind)),
      namespace,
      asOf,
    }),
    objectsOf(store, scope, { cluster, kinds: WIDE_REACH_KINDS, asOf }),
    claimedObjects(store, scope, { cluster, object, asOf }),
  ]);
  const resource = resourceOf(object);
  const live = pods
    .map((pod) => livePod(pod, resource))
    .filter((pod) => pod.key !== resource.key && !hasEnded(pod));
  const wide = far.map(resourceOf);
  const elsewhere = await Promise.all(
    namespacesLeadingTo([resource, ...live], wide).map((each) =>
      objectsOf(store, scope, { cluster, kinds: ['Service'], namespace: each, asOf }),
    ),
  );
  const services = elsewhere.flat().map(resourceOf);
  return World.of([resource, ...live, ...[...near, ...claimed].map(resourceOf), ...services, ...wide]).world;
}

type Pods = Awaited<ReturnType<typeof podsOf>>;

function containersOf(resource: Resource, world: WorldView, pods: Pods) {
  const containers = resource.workloads.flatMap((workload) =>
    workload.containers.map((container) => ({
      name: container.name,
      kind: container.type,
      image: stringAt(container.spec, 'image') ?? '',
      digest: digestsOfContainer(container.spec, container.name, pods).join(', ') || null,
      settings: [...containerSettings({ resource, workload, container }, world)],
    })),
  );
  return distinct(containers, ({ settings, ...container }) => [
    container,
    settings.map(({ name, value }) => [name, value]),
  ]);
}

/** What is the same in several templates is told once. */
function distinct<T>(items: readonly T[], told: (item: T) => unknown = (item) => item): T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const { size } = seen;
    return seen.add(JSON.stringify(told(item))).size > size;
  });
}

function podItem({ name, instance }: Pods[number]) {
  return {
    name,
    node: stringAt(instance, 'spec', 'nodeName') ?? null,
    phase: stringAt(instance, 'status', 'phase') ?? null,
    ip: stringAt(instance, 'status', 'podIP') ?? null,
  };
}
