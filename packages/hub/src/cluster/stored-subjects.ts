import {
  contentHash,
  controllerReference,
  hasEnded,
  isStandIn,
  type Resource,
  standInName,
} from '@bulwark/core';
import { objectsOf, type Scope, type Store } from '@bulwark/store';
import { recall } from './recalled.ts';
import { idOf } from './stored-rows.ts';

/**
 * What stored findings are about, as it is stored, by its name as a World has it. Where that stands for the pods of a controller
 * it is those of them that differ and have not ended: which of them show a finding is not stored.
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
  const controllers = names.filter((name) => isStandIn({ kind, name })).map((name) => name.slice(0, -1));
  const own = names.filter((name) => !isStandIn({ kind, name }));
  const [objects, pods] = await Promise.all([
    own.length === 0 ? [] : objectsOf(store, scope, { cluster, kinds: [kind], names: own, asOf }),
    controllers.length === 0
      ? []
      : objectsOf(store, scope, { cluster, kinds: ['Pod'], ownedBy: controllers, asOf }),
  ]);
  const subjects = new Map<string, Resource[]>(
    objects.map(recall).map((object) => [object.id, [object]] as const),
  );
  const seen = new Set<string>();
  for (const stored of pods) {
    const pod = recall(stored);
    const controller = controllerReference(pod);
    if (controller === undefined || hasEnded(pod)) continue;
    const id = idOf({ kind, namespace: pod.namespace, name: standInName(controller.name) });
    const content = `${id}|${contentHash(stored.body)}`;
    if (seen.has(content)) continue;
    seen.add(content);
    subjects.set(id, [...(subjects.get(id) ?? []), pod]);
  }
  return subjects;
}
