import {
  arrayAt,
  contentHash,
  controllerReference,
  findController,
  isObject,
  isOwnWorkload,
  isWrittenBeside,
  type JsonObject,
  labelsOf,
  momentOf,
  type OwnershipSettings,
  objectAt,
  ownershipOf,
  type Resource,
  redactLabels,
  redactSaid,
  type SecurityContent,
  securityContent,
  stringAt,
  topOwner,
  type World,
  withSeenPods,
} from '@bulwark/core';
import { type Actor, digestOf, type ResourceRow } from '@bulwark/store';
import { recall } from './recalled.ts';

/** What is kept of an object until its owner can be told: small, as ten thousand pods may wait. */
export interface Draft {
  readonly resource: Pick<Resource, 'id' | 'groupKind' | 'namespace' | 'name' | 'apiVersion'>;
  readonly uid: string;
  readonly controller: ReturnType<typeof controllerReference>;
  readonly body: JsonObject;
  readonly bodyHash: string;
  readonly instance: JsonObject;
  readonly labels: Readonly<Record<string, string>>;
  readonly images: readonly string[];
  readonly serviceAccount: string;
  readonly actor: Actor;
  /** Of the version in which its content was first seen. */
  readonly resourceVersion: string;
  /** When its last manager wrote it. */
  readonly written: string | undefined;
}

/**
 * Takes from an object what is stored of it.
 *
 * @param seen the object as the API server told it, where the resource has less.
 */
export function draftOf(resource: Resource, seen: JsonObject = resource.object): Draft {
  const { id, groupKind, namespace, name, apiVersion } = resource;
  const { body, instance } = securityContent(withSeenPods(resource));
  const metadata = objectAt(seen, 'metadata');
  return {
    resource: { id, groupKind, namespace, name, apiVersion },
    uid: stringAt(metadata, 'uid') ?? '',
    controller: controllerReference(resource),
    body,
    bodyHash: contentHash(body),
    instance,
    labels: redactLabels(labelsOf(metadata)),
    ...runBy(resource),
    ...(groupKind === 'Namespace' && isEndingSince(metadata) ? UNMANAGED : managerOf(metadata)),
    resourceVersion: stringAt(metadata, 'resourceVersion') ?? '',
  };
}

/** A draft with the version in which its content came, where the one before had the same: status came since. */
export function sinceContent(draft: Draft, before: Draft | undefined): Draft {
  const isSame = before?.bodyHash === draft.bodyHash && before.uid === draft.uid;
  return isSame ? { ...draft, resourceVersion: before.resourceVersion } : draft;
}

/** What the pods of an object run, and as which account; both empty where it has none. */
export function runBy({ workloads }: Resource): Pick<Draft, 'images' | 'serviceAccount'> {
  const [workload] = workloads;
  const images = workloads.flatMap(({ containers }) => containers.flatMap(({ spec }) => imageOf(spec)));
  return {
    images: [...new Set(images.map(redactSaid))],
    serviceAccount:
      (workload && stringAt(workload.spec, 'serviceAccountName')) ?? (workload ? 'default' : ''),
  };
}

function imageOf(spec: JsonObject): string[] {
  const { image } = spec;
  return typeof image === 'string' ? [image] : [];
}

type Written = Pick<Draft, 'actor' | 'written'>;

const NOBODY = { user: null, groups: [], impersonatedBy: null, address: null, userAgent: null };
const UNMANAGED: Written = { actor: { ...NOBODY, managers: [] }, written: undefined };

/** Whether nobody wrote an object since it was to end: that it ends no manager wrote. */
function isEndingSince(metadata: JsonObject | undefined): boolean {
  return (managerOf(metadata).written ?? '') < (stringAt(metadata, 'deletionTimestamp') ?? '');
}

/** The field manager that wrote last, status and its like apart: as near to an actor as an object itself can tell. */
function managerOf(metadata: JsonObject | undefined): Written {
  const entries = (arrayAt(metadata, 'managedFields') ?? [])
    .filter(isObject)
    .filter((entry) => !isWrittenBeside(stringAt(entry, 'subresource') ?? ''));
  let last: JsonObject | undefined;
  for (const entry of entries)
    if ((stringAt(entry, 'time') ?? '') >= (stringAt(last, 'time') ?? '')) last = entry;
  const manager = stringAt(last, 'manager');
  const managers = manager === undefined ? [] : [redactSaid(manager)];
  return { actor: { ...NOBODY, managers }, written: stringAt(last, 'time') };
}

/** What controls an object, as far as it is there. */
export function parentOf(
  { resource, controller }: Pick<Draft, 'resource' | 'controller'>,
  world: World,
): Resource | undefined {
  return controller && findController(world, resource, controller);
}

/** What an object is told by whose it is. */
export type Owned = SecurityContent & Pick<Draft, 'resource' | 'controller'>;

/** Whose an object is, as a row says it, and whether it is a workload of its own. */
export type Owners = Pick<
  ResourceRow,
  'ownerKind' | 'ownerName' | 'isWorkload' | 'team' | 'contacts' | 'environment' | 'criticality'
>;

/**
 * The top owner of an object, or the object itself; undefined where neither is in the World. Of pods that have a controller nothing
 * is there but what stands for them, and of those that have ended nothing at all.
 */
export function topOf(object: Pick<Draft, 'resource' | 'controller'>, world: World): Resource | undefined {
  const { groupKind, namespace, name } = object.resource;
  const self = world.find(groupKind, namespace, name);
  if (self !== undefined) return topOwner(world, self);
  const parent = parentOf(object, world);
  const top = parent && topOwner(world, parent);
  return top?.workloads.length === 0 ? undefined : top;
}

/** Whose an object is. Its content counts where neither it nor an owner of it is in the World. */
export function ownersOf(object: Owned, world: World, ownership: OwnershipSettings): Owners {
  const top = topOf(object, world);
  const said = ownershipOf(top ?? recall(object), world, ownership);
  const isWorkload = isOwnWorkload(object.resource, { controller: object.controller, top });
  return {
    ...ownerOf(object, isWorkload || top?.id !== object.resource.id ? top : undefined),
    isWorkload,
    team: said.owner?.value,
    contacts: isWorkload && said.contacts.length > 0 ? said.contacts : undefined,
    environment: said.environment?.value,
    criticality: said.criticality?.value,
  };
}

/** A row, and whether its owner was there; where it was not, the row is to be made again when more is seen. */
export function rowOf(
  draft: Draft,
  world: World,
  ownership: OwnershipSettings,
): { readonly row: ResourceRow; readonly isSettled: boolean } {
  const { resource, controller, ...rest } = draft;
  const { groupKind, namespace, name } = resource;
  const row: Omit<ResourceRow, 'digest'> = {
    kind: groupKind,
    namespace,
    name,
    apiVersion: resource.apiVersion,
    uid: rest.uid,
    ...ownersOf(draft, world, ownership),
    bodyHash: rest.bodyHash,
    body: rest.body,
    instance: rest.instance,
    labels: rest.labels,
    images: rest.images,
    serviceAccount: rest.serviceAccount,
    actor: rest.actor,
    resourceVersion: rest.resourceVersion,
    written: momentOf(rest.written ?? '') === undefined ? undefined : rest.written,
  };
  return {
    row: { ...row, digest: digestOf(row) },
    isSettled: controller === undefined || parentOf(draft, world) !== undefined,
  };
}

function ownerOf(
  { resource, controller }: Pick<Draft, 'resource' | 'controller'>,
  top: Resource | undefined,
) {
  if (top !== undefined) return { ownerKind: top.groupKind, ownerName: top.name };
  if (controller !== undefined) return { ownerKind: controller.groupKind, ownerName: controller.name };
  return { ownerKind: resource.groupKind, ownerName: resource.name };
}
