import { contentHash, type Json, type JsonObject, joinContent, objectAt } from '@bulwark/core';

/** An instance in two halves: what its siblings have as well, and the rest. */
export interface SplitInstance {
  readonly kin: { readonly hash: string; readonly content: JsonObject } | undefined;
  readonly own: JsonObject;
}

function without(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}

function set(object: JsonObject, field: string, value: JsonObject): JsonObject {
  return Object.keys(value).length === 0 ? without(object, [field]) : { ...object, [field]: value };
}

/**
 * Takes an instance apart. The pods of one ReplicaSet have the same owner and run the same images, which is most of what
 * an instance holds: it is stored once. Name, namespace and uid are columns.
 */
export function splitInstance(instance: JsonObject): SplitInstance {
  const { metadata, status } = {
    metadata: objectAt(instance, 'metadata'),
    status: objectAt(instance, 'status'),
  };
  let own = instance;
  if (metadata !== undefined)
    own = set(own, 'metadata', without(metadata, ['name', 'namespace', 'uid', 'ownerReferences']));
  if (status !== undefined) own = set(own, 'status', without(status, ['containerStatuses']));
  const references = metadata?.['ownerReferences'];
  const images = status?.['containerStatuses'];
  if (references === undefined && images === undefined) return { kin: undefined, own };
  const content: JsonObject = {
    ...(references !== undefined && { metadata: { ownerReferences: references } }),
    ...(images !== undefined && { status: { containerStatuses: images } }),
  };
  return { kin: { hash: contentHash(content), content }, own };
}

/** What an instance was before it was taken apart. */
export function joinInstance(row: {
  readonly instance: JsonObject;
  readonly kin: JsonObject | null;
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
}): JsonObject {
  const { instance, kin, uid, namespace, name } = row;
  const metadata: Record<string, Json> = { name };
  if (namespace !== '') metadata['namespace'] = namespace;
  if (uid !== '') metadata['uid'] = uid;
  const own = joinContent({ body: { metadata }, instance });
  return kin === null ? own : joinContent({ body: kin, instance: own });
}
