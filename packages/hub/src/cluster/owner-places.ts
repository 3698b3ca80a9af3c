import {
  controllerReference,
  type Delta,
  type OwnershipSettings,
  ownershipOf,
  type Resource,
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
 * what it owns, and an owner that is another one. Cost: the objects that changed.
 */
export function* ownersSaidOtherwise(
  { added, changed }: Pick<Delta, 'added' | 'changed'>,
  saying: Saying,
): Generator<OwnerPlace> {
  const fresh = new Set(added);
  for (const resource of added) {
    if (isNamespace(resource)) yield { namespace: resource.name };
    else
      for (const owned of saying.controlledBy(resource.id))
        if (!fresh.has(owned) && owned.groupKind !== 'Pod') yield belongingTo(owned);
  }
  for (const { before, after } of changed) {
    if (isNamespace(after)) {
      if (isOtherwise(before, after, saying)) yield { namespace: after.name };
      continue;
    }
    const controllers = [before, after].map(controllerReference);
    if (nameOf(controllers[0]) !== nameOf(controllers[1])) {
      const [old] = controllers;
      if (old !== undefined)
        yield { namespace: after.namespace, owner: { kind: old.groupKind, name: old.name } };
      yield belongingTo(after);
    }
    if (!isOtherwise(before, after, saying)) continue;
    const namespaces = new Set([after, ...saying.controlledBy(after.id)].map(({ namespace }) => namespace));
    for (const namespace of namespaces) yield { ...belongingTo(after), namespace };
  }
}

function isNamespace({ groupKind }: Resource): boolean {
  return groupKind === 'Namespace';
}

function belongingTo({ namespace, groupKind, name }: Resource): OwnerPlace {
  return { namespace, owner: { kind: groupKind, name } };
}

function nameOf(controller: ReturnType<typeof controllerReference>): string {
  return controller === undefined ? '' : `${controller.groupKind}|${controller.name}`;
}

function isOtherwise(before: Resource, after: Resource, { world, ownership }: Saying): boolean {
  // What rules say of a Namespace is not said of what lies in it.
  const settings = isNamespace(after) ? { ...ownership, rules: [] } : ownership;
  const [was, is] = [before, after].map((each) => JSON.stringify(ownershipOf(each, world, settings)));
  return was !== is;
}
