import { serviceAccountOf, workloadSecrets } from '@bulwark/analyses';
import {
  AppError,
  arrayAt,
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
import { hostAccess } from './host-access.ts';
import { changeItem, workloadItem } from './inventory-items.ts';
import { listRequestOf } from './list-request.ts';
import { livePod, namespacesLeadingTo } from './live-pods.ts';
import { decisionsOf } from './object-decisions.ts';
import { type PassportContext, seenKinds } from './passport-context.ts';
import { permissionsOf } from './permissions.ts';
import { failing, type Level, levelOf, podFacts } from './pod-security.ts';
import { type VolumeText, volumesOf } from './pod-volumes.ts';
import { rbacWorlds } from './rbac-world.ts';
import { REACH_KINDS, reachOf, WIDE_REACH_KINDS } from './reach.ts';
import { containersOf, runningContainers } from './running-containers.ts';
import { type RunningPods, runningPodsOf, sentencesWithPods, toldOf, withPods } from './running-pods.ts';
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
  const [world, rbac, pods, facts, changes, running, decisions, shared] = await Promise.all([
    worldOf(store, own, { key, object, livePods }),
    rbacWorlds.of(store, own, { clusters: [key.cluster], asOf: key.asOf }),
    livePods,
    clusterFacts(store, own, key.asOf),
    listChanges(store, own, {
      ...listRequestOf({ limit: MOST_CHANGES }, CHANGE_FIELDS, key.now),
      asOf: key.asOf,
      of: key,
    }),
    runningPodsOf(store, own, { key, object }),
    decisionsOf(store, own, key),
    sharedKindNames(store, own),
  ]);
  const [cluster] = facts;
  const resource = resourceOf(object);
  const runs = { resource, running, pods };
  const build = await buildOf(store, own, { key, object, containers: runningContainers(runs) });
  const accounts = withPods(toldOf(runs, accountsOf));
  const context = { ...contextOf(world, cluster, scope.namespaces === 'all'), pods, running };
  return {
    ...workloadItem(record),
    kindInQueries: nameInQuery(key.kind, shared),
    seenInPods: seenInPodsOf(object) ?? null,
    labels: { ...record.labels },
    containers: containersOf(runs, world),
    // What a sentence puts together of several containers is another one in pods, and no less true of the template.
    hostAccess: [
      ...sentencesWithPods({ ...toldOf(runs, (each) => hostAccess(each, context)), isOfOne: false }),
    ],
    reach: distinct(reachOf(resource, context)),
    secrets: [...secretsOf(runs, world)],
    volumes: [...withPods(toldOf(runs, (each) => ownVolumesOf(each, resource)))],
    accounts: [...accounts],
    permissions: accounts.flatMap(({ name }) =>
      permissionsOf(
        { kind: 'ServiceAccount', namespace: resource.namespace, name },
        { ...context, world: rbac.get(key.cluster) ?? world },
      ).map((permission) => ({ ...permission, account: name })),
    ),
    pss: await levelWithPods(store, own, {
      resource,
      bodies: [...running, ...pods].map(({ bodyHash }) => bodyHash),
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

/** The service accounts that pods of some templates run as: one, but for custom resources with several. */
function accountsOf({ workloads }: Resource): readonly { readonly name: string }[] {
  return [...new Set(workloads.map(({ spec }) => serviceAccountOf(spec)))].map((name) => ({ name }));
}

/** The Secrets of a workload and of its pods. What images are pulled with is written into pods from their service account. */
function secretsOf(runs: Runs, world: WorldView) {
  const uses = world.get(workloadSecrets);
  const told = toldOf(runs, (each) => uses.of(each));
  return withPods(told, ({ name, via, isForImages }) => [name, isForImages === true || via]).map(
    ({ name, via, inPods }) => ({ name, via, inPods }),
  );
}

/** The name under which a pod's token of its service account is kept, or has where it has two: a sentence of its own tells of it. */
const TOKEN_VOLUME = /^kube-api-access(-[a-z0-9]{5})?$/;

/** The volumes of a workload, or of a pod of it without those that every pod of it is given. */
function ownVolumesOf(resource: Resource, workload: Resource): readonly VolumeText[] {
  const volumes = volumesOf(resource);
  if (resource === workload) return volumes;
  const claims = new Set(
    (arrayAt(workload.object, 'spec', 'volumeClaimTemplates') ?? []).map((each) =>
      stringAt(each, 'metadata', 'name'),
    ),
  );
  return volumes.filter(
    ({ name, type }) =>
      !(type === 'projected' && TOKEN_VOLUME.test(name)) &&
      !(type === 'persistentVolumeClaim' && claims.has(name)),
  );
}

interface Runs {
  readonly resource: Resource;
  readonly running: readonly RunningPods[];
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

/** What is the same in several templates is told once. */
function distinct(sentences: readonly string[]): string[] {
  return [...new Set(sentences)];
}

function podItem({ name, instance }: Pods[number]) {
  return {
    name,
    node: stringAt(instance, 'spec', 'nodeName') ?? null,
    phase: stringAt(instance, 'status', 'phase') ?? null,
    ip: stringAt(instance, 'status', 'podIP') ?? null,
  };
}
