import {
  contentHash,
  controllerReference,
  hasEnded,
  isStandIn,
  type Resource,
  standInName,
} from '@bulwark/core';
import { objectsOf, type Scope, type Store } from '@bulwark/store';
import { recall, seenInPodsOf } from './recalled.ts';
import { idOf } from './stored-rows.ts';

/**
 * What stored findings are about, as it is stored, by its name as a World has it. Where that stands for the pods of a controller
 * it is those of them that differ and have not ended: which of them show a finding is not stored. Where it is a controller that is
 * seen in its pods, it comes before these.
 *
 * @param kind with its API group.
 * @param names of what the findings are about.
 */
export async function storedSubjects(
  store: Store,
  scope: Scope,
  {
    cluster,
    kind,
    names,
    asOf,
  }: {
    readonly cluster: number;
    readonly kind: string;
    readonly names: readonly string[];
    readonly asOf?: Date | undefined;
  },
): Promise<ReadonlyMap<string, readonly Resource[]>> {
  const own = names.filter((name) => !isStandIn({ kind, name }));
  const objects =
    own.length === 0 ? [] : await objectsOf(store, scope, { cluster, kinds: [kind], names: own, asOf });
  const subjects = new Map<string, Resource[]>();
  const seenInPods = new Set<string>();
  for (const object of objects) {
    const seen = seenInPodsOf(object);
    const resource = recall(object);
    subjects.set(resource.id, [seen === undefined ? resource : { ...resource, seenInPods: seen }]);
    if (seen !== undefined) seenInPods.add(resource.id);
  }
  const controllers = [
    ...names.filter((name) => isStandIn({ kind, name })).map((name) => name.slice(0, -1)),
    ...objects.filter((object) => seenInPodsOf(object) !== undefined).map(({ name }) => name),
  ];
  if (controllers.length === 0) return subjects;
  const seen = new Set<string>();
  for (const stored of await objectsOf(store, scope, {
    cluster,
    kinds: ['Pod'],
    ownedBy: controllers,
    asOf,
  })) {
    const pod = recall(stored);
    const controller = controllerReference(pod);
    if (controller === undefined || hasEnded(pod)) continue;
    const { groupKind, name } = controller;
    const key = { kind: groupKind, namespace: pod.namespace, name };
    const id = seenInPods.has(idOf(key)) ? idOf(key) : idOf({ ...key, kind, name: standInName(name) });
    const content = `${id}|${contentHash(stored.body)}`;
    if (seen.has(content)) continue;
    seen.add(content);
    subjects.set(id, [...(subjects.get(id) ?? []), pod]);
  }
  return subjects;
}
