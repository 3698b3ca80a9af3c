import { type JsonObject, stringAt } from '@bulwark/core';

/** A reference to the object that made another. */
export function ownerReference(owner: JsonObject): JsonObject {
  return {
    apiVersion: owner['apiVersion'],
    kind: owner['kind'],
    name: stringAt(owner, 'metadata', 'name'),
    uid: stringAt(owner, 'metadata', 'uid'),
    controller: true,
    blockOwnerDeletion: true,
  };
}
