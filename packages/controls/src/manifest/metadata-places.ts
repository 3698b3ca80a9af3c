import {
  arrayAt,
  get,
  isBuiltInGroup,
  isObject,
  type Json,
  type ObjectView,
  objectAt,
  type Path,
  type Resource,
} from '@bulwark/core';
import { hasPlaceholder } from './placeholders.ts';

/** A label or annotation as it is written. */
export interface Entry {
  readonly path: Path;
  readonly key: string;
  readonly value: Json;
}

/** The paths of every `metadata` of an object that the API server checks: its own, and those of its templates. */
function* metadataPaths({ object, group, workloads }: Resource): Generator<Path> {
  yield ['metadata'];
  // What a custom resource holds is checked by its own schema, or when its operator makes the pods.
  if (!isBuiltInGroup(group)) return;
  for (const { path } of workloads) if (path.length > 0) yield [...path, 'metadata'];
  if (objectAt(object, 'spec', 'jobTemplate')) yield ['spec', 'jobTemplate', 'metadata'];
  for (const index of (arrayAt(object, 'spec', 'volumeClaimTemplates') ?? []).keys())
    yield ['spec', 'volumeClaimTemplates', index, 'metadata'];
}

/** Every label or annotation of an object and its templates, without those that another tool fills in. */
export function* entriesOf({ resource }: ObjectView, field: 'labels' | 'annotations'): Generator<Entry> {
  for (const place of metadataPaths(resource)) {
    const entries = get(resource.object, ...place, field);
    if (!isObject(entries)) continue;
    for (const [key, value] of Object.entries(entries))
      if (!hasPlaceholder(key) && !hasPlaceholder(value))
        yield { path: [...place, field, key], key, value: value ?? null };
  }
}

/** What is wrong with a value that must be text; null stands for no text. */
export function whyNotText(value: Json): string | undefined {
  if (value === null || typeof value === 'string') return undefined;
  return typeof value === 'object' ? 'is no text' : 'is a number or a flag, for it lacks quotes';
}
