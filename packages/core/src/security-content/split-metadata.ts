import { arrayAt, isObject, type Json, type JsonObject } from '../json.ts';
import { isDroppedAnnotation } from './dropped-annotations.ts';
import { isOwnAnnotation, isOwnLabel } from './own-fields.ts';
import { pick, splitFields } from './parts.ts';

/** The fields of metadata that say which object it is. */
const IDENTITY = ['name', 'namespace', 'uid', 'creationTimestamp'] as const;

/** An object's metadata: labels and annotations that siblings share, and what is its own. Everything else is dropped. */
export function splitMetadata(metadata: JsonObject): {
  body: JsonObject | undefined;
  instance: JsonObject | undefined;
} {
  const labels = isObject(metadata['labels']) ? splitFields(metadata['labels'], isOwnLabel) : undefined;
  const annotations = splitFields(keptAnnotations(metadata['annotations']) ?? {}, isOwnAnnotation);
  const owners = ownersOf(metadata);
  const identity = pick(metadata, IDENTITY);
  const isNamed = typeof identity['name'] === 'string' && identity['name'] !== '';
  return {
    body: present({ labels: labels?.rest, annotations: annotations.rest }),
    instance: present({
      ...identity,
      ...(!isNamed && pick(metadata, ['generateName'])),
      labels: labels?.own,
      annotations: annotations.own,
      ownerReferences: owners,
    }),
  };
}

/** Annotations without those that tell nothing about security; undefined where none is left. */
export function keptAnnotations(annotations: Json | undefined): JsonObject | undefined {
  if (!isObject(annotations)) return undefined;
  const isSame = !Object.keys(annotations).some(isDroppedAnnotation);
  return isSame && Object.keys(annotations).length > 0
    ? annotations
    : splitFields(annotations, isDroppedAnnotation).rest;
}

const OWNER_FIELDS = ['apiVersion', 'kind', 'name', 'uid', 'controller'] as const;

function ownersOf(metadata: JsonObject): Json | undefined {
  const owners = arrayAt(metadata, 'ownerReferences') ?? [];
  return owners.length === 0
    ? undefined
    : owners.map((owner) => (isObject(owner) ? pick(owner, OWNER_FIELDS) : owner));
}

function present(fields: JsonObject): JsonObject | undefined {
  return splitFields(fields, (key) => fields[key] === undefined).rest;
}
