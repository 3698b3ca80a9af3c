import { isObject, type JsonObject } from '@bulwark/core';

/** Why an object that SOPS has encrypted is not judged for what it holds; undefined for every other one. */
export function encryptedWithSops(object: JsonObject): string | undefined {
  return isObject(object['sops']) ? 'The object is encrypted with SOPS.' : undefined;
}
