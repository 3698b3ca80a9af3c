import type { JsonObject } from '@bulwark/core';
import { keyOf } from '../shop/units.ts';
import type { DemoActor } from './actors.ts';

/** One change of the cluster: an object as it is afterwards, or as it was before it was deleted. */
export interface DemoChange {
  /** When it happened, in milliseconds since 1970. */
  readonly at: number;
  readonly actor: DemoActor;
  readonly verb: 'upsert' | 'delete';
  readonly object: JsonObject;
}

/** A cluster as it was at first, and what was done to it since, oldest first. */
export interface DemoHistory {
  readonly start: readonly JsonObject[];
  readonly changes: readonly DemoChange[];
}

/** The objects that are there after changes. */
export function replay({ start, changes }: DemoHistory): JsonObject[] {
  const objects = new Map(start.map((object) => [keyOf(object), object]));
  for (const { verb, object } of changes) {
    if (verb === 'delete') objects.delete(keyOf(object));
    else objects.set(keyOf(object), object);
  }
  return [...objects.values()];
}
