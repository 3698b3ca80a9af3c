import { credentialName, isPlainValue, type Json, placeholderOf } from '@bulwark/core';

/** Whether a value with the name of a password or the like is an example, or one that everybody tries first. */
export function isWellKnown(name: string | undefined, value: Json | undefined): boolean {
  // A switch such as ALLOW_EMPTY_PASSWORD is no credential.
  if (name === undefined || typeof value !== 'string' || isPlainValue(value.trim())) return false;
  return credentialName(name) === 'strong' && placeholderOf(value.trim()) === 'example';
}
