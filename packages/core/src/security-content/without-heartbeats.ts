import { ENDPOINT_SLICE } from '../endpoints.ts';
import { groupKindOf, groupOf } from '../group-kind.ts';
import { isObject, type JsonObject, stringAt } from '../json.ts';
import { keptSlice } from './kept-slice.ts';
import { keptStatus } from './kept-status.ts';
import { splitFields } from './parts.ts';

/** What the API server counts and notes for itself. */
const BOOKKEEPING = new Set(['managedFields', 'resourceVersion']);

/**
 * An object as it is judged while its cluster lives: without what changes although nothing happens, which are managed
 * fields, the resource version and all of the status that does not matter to security. Two versions of an object that
 * differ in nothing else have equal results, and equal content.
 */
export function withoutHeartbeats(object: JsonObject): JsonObject {
  const kind = groupKindOf(groupOf(stringAt(object, 'apiVersion') ?? ''), stringAt(object, 'kind') ?? '');
  const { status, metadata, ...fields } = kind === ENDPOINT_SLICE ? keptSlice(object) : object;
  return {
    ...fields,
    ...(metadata !== undefined && {
      metadata: isObject(metadata)
        ? (splitFields(metadata, (key) => BOOKKEEPING.has(key)).rest ?? {})
        : metadata,
    }),
    ...keptStatus(status, kind),
  };
}
