import { arrayAt, canonicalJson, isObject, type Json, type JsonObject, objectAt } from '../json.ts';
import { isDroppedAnnotation } from './dropped-annotations.ts';
import { pick, splitFields } from './parts.ts';

/**
 * An EndpointSlice with nothing but where it leads, in one order: which endpoints are ready, and where they are, changes all the time.
 * Writers of endpoints keep their own state in annotations without a prefix, as Patroni does every few seconds.
 */
export function keptSlice(slice: JsonObject): JsonObject {
  const { metadata } = slice;
  const annotations = objectAt(metadata, 'annotations');
  const isLeft = (key: string): boolean => !key.includes('/') || isDroppedAnnotation(key);
  return {
    ...pick(slice, ['apiVersion', 'kind', 'addressType', 'ports']),
    ...(metadata !== undefined && {
      metadata:
        annotations === undefined || !isObject(metadata)
          ? metadata
          : { ...metadata, annotations: splitFields(annotations, isLeft).rest ?? {} },
    }),
    endpoints: (arrayAt(slice, 'endpoints') ?? [])
      .map(keptEndpoint)
      .sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1)),
  };
}

function keptEndpoint(endpoint: Json): Json {
  if (!isObject(endpoint)) return endpoint;
  const target = objectAt(endpoint, 'targetRef');
  return {
    ...pick(endpoint, ['addresses']),
    ...(target !== undefined && { targetRef: pick(target, ['kind', 'namespace', 'name']) }),
  };
}
