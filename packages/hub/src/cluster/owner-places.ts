import {
  type Delta,
  type OwnershipSettings,
  ownershipOf,
  ownersNamedBy,
  type Resource,
  templateReference,
  type World,
} from '@bulwark/core';

/** Where stored objects may be another owner's by now: all of a namespace, or those of it that belong to one owner. */
export interface OwnerPlace {
  readonly namespace: string;
  /** The top owner as it is stored; kind with its API group. */
  readonly owner?: { readonly kind: string; readonly name: string };
}

interface Saying {
  /** As it is by now. */
  readonly world: World;
  readonly ownership: OwnershipSettings;
  /** What something controls, directly or through others, with itself. */
  readonly controlledBy: (id: string) => readonly Resource[];
}

/**
 * Where a change of other objects says whose something is: a Namespace, or an owner, that says something else, one that came after
 * what it owns or went before it, and an owner that is another one. Cost: the objects that changed, and what they control.
 */
export function* ownersSaidOtherwise(
  { added, removed, changed }: Pick<Delta, 'added' | 'removed' | 'changed'>,
  saying: Saying,
): Generator<OwnerPlace> {
  const fresh = new Set(added);
  for (const resource of added)
    if (isNamespace(resource)) yield { namespace: resource.name };
    else yield* ownPlaces(saying.controlledBy(resource.id).filter((owned) => !fresh.has(owned)));
  for (const resource of removed) {
    const left = saying.controlledBy(resource.id);
    for (const namespace of namespacesOf(left)) yield { ...belongingTo(resource), namespace };
    yield* placesOf(resource, [templateReference(resource)]);
    yield* ownPlaces(left);
  }
  for (const { before, after } of changed) {
    if (isNamespace(after)) {
      if (isOtherwise(before, after, saying)) yield { namespace: after.name };
      continue;
    }
    if (namesOf(before) !== namesOf(after)) {
      yield* placesOf(before, ownersNamedBy(before));
      yield belongingTo(after);
      yield* ownPlaces(saying.controlledBy(after.id));
    }
    if (!isOtherwise(before, after, saying) && hasTemplate(before) === hasTemplate(after)) continue;
    const owned = saying.controlledBy(after.id);
    for (const namespace of namespacesOf([after, ...owned])) yield { ...belongingTo(after), namespace };
    yield* ownPlaces(owned);
  }
}

/** Of what is its own top owner, as what controls it has no template. Pods are stored under what controls them. */
function* ownPlaces(resources: readonly Resource[]): Generator<OwnerPlace> {
  for (const resource of resources) if (resource.groupKind !== 'Pod') yield belongingTo(resource);
}

function namespacesOf(resources: readonly Resource[]): ReadonlySet<string> {
  return new Set(resources.map(({ namespace }) => namespace));
}

function hasTemplate({ workloads }: Resource): boolean {
  return workloads.length > 0;
}

function isNamespace({ groupKind }: Resource): boolean {
  return groupKind === 'Namespace';
}

function belongingTo({ namespace, groupKind, name }: Resource): OwnerPlace {
  return { namespace, owner: { kind: groupKind, name } };
}

/** Where is stored what belongs, through an object, to what that names. */
function* placesOf(
  { namespace }: Resource,
  named: readonly ReturnType<typeof templateReference>[],
): Generator<OwnerPlace> {
  for (const owner of named)
    if (owner !== undefined) yield { namespace, owner: { kind: owner.groupKind, name: owner.name } };
}

function namesOf(resource: Resource): string {
  return JSON.stringify(ownersNamedBy(resource));
}

function isOtherwise(before: Resource, after: Resource, { world, ownership }: Saying): boolean {
  // What rules say of a Namespace is not said of what lies in it.
  const settings = isNamespace(after) ? { ...ownership, rules: [] } : ownership;
  const [was, is] = [before, after].map((each) => JSON.stringify(ownershipOf(each, world, settings)));
  return was !== is;
}
