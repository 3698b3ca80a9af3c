import { arrayAt, get, type Resource, stringAt } from '@bulwark/core';
import { objectsOf, type Scope, type Store, type StoredObject } from '@bulwark/store';
import { resourceOf } from './stored-world.ts';

/** Whether pods of a workload mount what a claim is bound to. */
export function claimsThings({ object, workloads }: Resource): boolean {
  if ((arrayAt(object, 'spec', 'volumeClaimTemplates') ?? []).length > 0) return true;
  return workloads.some(({ spec }) =>
    (arrayAt(spec, 'volumes') ?? []).some(
      (volume) =>
        get(volume, 'persistentVolumeClaim') !== undefined || get(volume, 'ephemeral') !== undefined,
    ),
  );
}

/**
 * The claims in the namespace of a workload that has some, and the PersistentVolumes to which they are bound: what tells
 * whether it has something of its node by them.
 */
export async function claimedObjects(
  store: Store,
  scope: Scope,
  {
    cluster,
    object,
    asOf,
  }: { readonly cluster: number; readonly object: StoredObject; readonly asOf: Date | undefined },
): Promise<readonly StoredObject[]> {
  if (!claimsThings(resourceOf(object))) return [];
  const { namespace } = object;
  const claims = await objectsOf(store, scope, {
    cluster,
    kinds: ['PersistentVolumeClaim'],
    namespace,
    asOf,
  });
  const names = claims.flatMap(({ body }) => stringAt(body, 'spec', 'volumeName') ?? []);
  const volumes = await objectsOf(store, scope, {
    cluster,
    kinds: ['PersistentVolume'],
    names,
    namespace: '',
    asOf,
  });
  return [...claims, ...volumes];
}
