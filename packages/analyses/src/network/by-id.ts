import type { Resource } from '@bulwark/core';

/** Orders resources by id, so that what is said of several does not hang on the order in which they were read. */
export function byId(a: Resource, b: Resource): number {
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
