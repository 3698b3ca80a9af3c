import { type GroupKind, groupKindOf, groupOf, isBuiltInGroup } from './group-kind.ts';
import { arrayAt, get, isObject, type Json, type JsonObject, stringAt } from './json.ts';
import type { Resource } from './resource.ts';
import type { WorldView } from './world.ts';

/** An object as its dependents name it. */
export interface Controller {
  readonly groupKind: GroupKind;
  readonly name: string;
}

/** What tells who controls something. */
export type Controlled = Pick<Resource, 'groupKind' | 'object'>;

/**
 * What an object says controls it: the owner reference that says `controller`. The others only have it deleted with their owner. A
 * Node is no owner: the mirror pods that name it are made from files on it. Neither is what makes no such objects, as everybody may
 * write a reference: it would hide what is made by hand behind something that is known.
 */
export function controllerReference({ groupKind: dependent, object }: Controlled): Controller | undefined {
  const named = namedBy(referenceToController(object));
  return named !== undefined && mayMake(named.groupKind, dependent) ? named : undefined;
}

/** The owner reference of an object that says `controller`, as it is written. */
export function referenceToController(object: JsonObject): Json | undefined {
  return arrayAt(object, 'metadata', 'ownerReferences')?.find(
    (item) => isObject(item) && item['controller'] === true,
  );
}

/**
 * What has the pod template of an object that has none of its own: a Rollout of Argo can name a Deployment, which then mostly runs
 * nothing itself.
 */
export function templateReference({ groupKind, object }: Controlled): Controller | undefined {
  if (groupKind !== ROLLOUT || arrayAt(object, 'spec', 'template', 'spec', 'containers')) return undefined;
  const named = namedBy(get(object, 'spec', 'workloadRef'));
  return named !== undefined && LENDS.has(named.groupKind) ? named : undefined;
}

/** All that an object names on its way to its top owner. */
export function ownersNamedBy(resource: Controlled): readonly Controller[] {
  return [controllerReference(resource), templateReference(resource)].filter((each) => each !== undefined);
}

function namedBy(reference: Json | undefined): Controller | undefined {
  const textOf = (field: string): string => stringAt(reference, field) ?? '';
  const groupKind = groupKindOf(groupOf(textOf('apiVersion')), textOf('kind'));
  const name = textOf('name');
  return textOf('apiVersion') !== '' && GROUP_KIND.test(groupKind) && isPathSegment(name)
    ? { groupKind, name }
    : undefined;
}

/** What a kind can be, with its group: an API server takes anything in a reference, and objects are told apart by such texts. */
const GROUP_KIND = /^([a-z0-9][-.a-z0-9]*\/)?[A-Za-z][-\w]*$/;

/** Whether an object can be called so: its name stands in addresses. */
function isPathSegment(name: string): boolean {
  return !['', '.', '..'].includes(name) && !/[/%]/.test(name);
}

/** Whether an object says that something controls it which may have made it: what is so is decided there, not by it. */
export function isControlled(resource: Controlled): boolean {
  return controllerReference(resource) !== undefined;
}

function mayMake(owner: GroupKind, dependent: GroupKind): boolean {
  const made = MADE_BY.get(owner);
  if (made !== undefined) return made.includes(dependent);
  const group = groupOf(owner);
  return !MADE_BY.has(dependent) || !isBuiltInGroup(group) || group === GATEWAYS;
}

/** What Kubernetes makes for what has pods: its other kinds make nothing that has any. Custom ones may make anything. */
export const MADE_BY: ReadonlyMap<GroupKind, readonly GroupKind[]> = new Map([
  ['Node', []],
  ['Pod', ['PersistentVolumeClaim', 'resource.k8s.io/ResourceClaim']],
  ['ReplicationController', ['Pod']],
  ['apps/ReplicaSet', ['Pod']],
  ['apps/Deployment', ['apps/ReplicaSet']],
  ['apps/StatefulSet', ['Pod', 'PersistentVolumeClaim', 'apps/ControllerRevision']],
  ['apps/DaemonSet', ['Pod', 'apps/ControllerRevision']],
  ['batch/Job', ['Pod']],
  ['batch/CronJob', ['batch/Job']],
]);
/** Their controllers come from elsewhere, and make Deployments. */
const GATEWAYS = 'gateway.networking.k8s.io';

const ROLLOUT: GroupKind = 'argoproj.io/Rollout';
/** Of what a Rollout may take its template. */
const LENDS: ReadonlySet<GroupKind> = new Set(['apps/Deployment', 'apps/ReplicaSet', 'PodTemplate']);

/** Where owners are looked for. */
type Owners = Pick<WorldView, 'find'>;

/** What controls something, as far as it is in the World: in its namespace, or cluster-scoped. */
export function controllerOf(world: Owners, resource: Controlled & Pick<Resource, 'namespace'>) {
  const reference = controllerReference(resource);
  return reference && findController(world, resource, reference);
}

/** The controller that something in a namespace names, as far as it is in the World: in that namespace, or cluster-scoped. */
export function findController(
  world: Owners,
  { namespace }: Pick<Resource, 'namespace'>,
  { groupKind, name }: Controller,
): Resource | undefined {
  return world.find(groupKind, namespace, name) ?? world.find(groupKind, '', name);
}

/** The ids that what controls something can have: an owner is in the dependent's namespace, or cluster-scoped. */
export function ownerIds(
  { namespace }: Pick<Resource, 'namespace'>,
  { groupKind, name }: Controller,
): readonly string[] {
  return [`${groupKind}|${namespace}|${name}`, `${groupKind}||${name}`];
}

/**
 * What is judged and told in the place of a resource: of it and all that controls it, directly or through others, as far as that is in
 * the World, the last one that has a pod template. What an operator makes of an object without one is so its own top owner, and so is
 * a role or a Secret of it: everybody may write a reference, and what is accepted of one would hide the next. That of what a Rollout
 * makes is what has its template, and that of pods of which nothing has one is what controls them, as it is seen in them.
 */
export function topOwner(world: Owners, resource: Resource): Resource {
  const chain = [resource, ...controllersOf(world, resource)];
  return (
    chain.findLast((owner, hops) => owner.workloads.length > 0 && mayOwn(owner, resource, hops)) ?? resource
  );
}

/** What is seen in its pods owns these and nothing else: what it makes besides has a template of its own. */
function mayOwn({ seenInPods }: Resource, { groupKind }: Resource, hops: number): boolean {
  return seenInPods === undefined || hops === 0 || (hops === 1 && groupKind === 'Pod');
}

/**
 * What controls something, directly or through others, the nearest first, as far as it is in the World. What has the template of a
 * controller comes after that.
 */
export function controllersOf(world: Owners, resource: Resource): readonly Resource[] {
  let owner = controllerOf(world, resource);
  if (owner === undefined) return NOTHING;
  const chain = [resource];
  while (owner !== undefined && chain.length <= MAX_OWNER_HOPS) {
    const { id }: Resource = owner;
    const known = chain.findIndex((each) => each.id === id);
    // What is in a circle is controlled by nothing; what hangs on it belongs to where it comes in.
    if (known >= 0) return chain.slice(1, known + 1);
    chain.push(owner);
    owner = templateOf(world, owner) ?? controllerOf(world, owner);
  }
  return chain.slice(1);
}

/** What something controls is its owner's, and lends nothing: else chains could come back. */
function templateOf(world: Owners, resource: Resource): Resource | undefined {
  const reference = templateReference(resource);
  const lender = reference && findController(world, resource, reference);
  return lender === undefined || isControlled(lender) ? undefined : lender;
}

const MAX_OWNER_HOPS = 10;
const NOTHING: readonly Resource[] = [];
