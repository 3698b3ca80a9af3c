import { arrayAt, type JsonObject, parseImageRef, stringAt } from '@bulwark/core';

/** Pods as far as it is asked which images they run. */
export type PodStates = readonly { readonly instance: JsonObject }[];

const STATUSES = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'];
const DIGEST = /sha256:[0-9a-f]{64}/;
/** Of an image in a registry, not of one that only the node has. */
const OF_REGISTRY = /@sha256:[0-9a-f]{64}/;

/**
 * The digests of a container that run, as the pods say; several while a tag means different images. Where they say none, the one
 * that its reference names.
 */
export function digestsOfContainer(spec: JsonObject, name: string, pods: PodStates): readonly string[] {
  const reference = parseImageRef(stringAt(spec, 'image') ?? '');
  const named = reference.ok ? reference.value.digest : undefined;
  const running = pods.flatMap(({ instance }) =>
    STATUSES.flatMap((list) => arrayAt(instance, 'status', list) ?? [])
      .filter((status) => stringAt(status, 'name') === name)
      .map((status) => stringAt(status, 'imageID') ?? '')
      .filter((id) => named === undefined || OF_REGISTRY.test(id))
      .flatMap((id) => DIGEST.exec(id)?.[0] ?? []),
  );
  if (running.length === 0) return named === undefined ? [] : [named];
  return [...new Set(running)].sort();
}
