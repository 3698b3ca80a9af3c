import { arrayAt, type JsonObject, joinContent, parseImageRef, stringAt, workloadsOf } from '@bulwark/core';
import type { StoredObject } from '@bulwark/store';

/** Pods as far as it is asked which images they run. */
export type PodStates = readonly { readonly instance: JsonObject }[];

const STATUSES = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'];
const DIGEST = /sha256:[0-9a-f]{64}/;

/** The digest that a container's reference names, else those that run: several while a tag means different images. */
export function digestsOfContainer(spec: JsonObject, name: string, pods: PodStates): readonly string[] {
  const reference = parseImageRef(stringAt(spec, 'image') ?? '');
  if (reference.ok && reference.value.digest !== undefined) return [reference.value.digest];
  const digests = pods.flatMap(({ instance }) =>
    STATUSES.flatMap((list) => arrayAt(instance, 'status', list) ?? [])
      .filter((status) => stringAt(status, 'name') === name)
      .flatMap((status) => DIGEST.exec(stringAt(status, 'imageID') ?? '')?.[0] ?? []),
  );
  return [...new Set(digests)].sort();
}

/** The digests of all that a workload runs. */
export function digestsOf(object: StoredObject, pods: PodStates): readonly string[] {
  const digests = workloadsOf(joinContent(object), object.kind).flatMap(({ containers }) =>
    containers.flatMap(({ spec, name }) => digestsOfContainer(spec, name, pods)),
  );
  return [...new Set(digests)].sort();
}
