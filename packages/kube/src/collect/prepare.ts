import {
  arrayAt,
  type GroupKind,
  isObject,
  type Json,
  type JsonObject,
  objectAt,
  stringAt,
} from '@bulwark/core';
import { certificateFacts } from './certificate-facts.ts';

/** What leaves the adapter of an object of a kind: nothing secret, and nothing that is only ballast. */
export function prepare(groupKind: GroupKind, object: JsonObject): JsonObject {
  if (groupKind === 'Secret') return withoutValues(object);
  return groupKind === 'apiextensions.k8s.io/CustomResourceDefinition' ? withoutSchemas(object) : object;
}

/** The fields of a Secret that hold nothing of its content. */
const OPEN_FIELDS = ['apiVersion', 'kind', 'type', 'immutable'];
const OPEN_METADATA = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'labels',
  'ownerReferences',
  'finalizers',
  'managedFields',
];

/**
 * A Secret with the size of each value, in bytes, in the value's place; of a TLS secret what everyone may know of its
 * certificate. Annotations stay where they cannot hold a copy of a value.
 */
function withoutValues(secret: JsonObject): JsonObject {
  const data = objectAt(secret, 'data') ?? {};
  const sizes = Object.entries(data).map(([key, value]) => [key, sizeOf(value)] as const);
  const values = Object.values(data).flatMap((value) =>
    typeof value === 'string' ? [value, textOf(value)] : [],
  );
  const isTls = secret['type'] === 'kubernetes.io/tls';
  const certificate = isTls ? certificateFacts(textOf(stringAt(data, 'tls.crt') ?? '')) : undefined;
  const metadata = objectAt(secret, 'metadata') ?? {};
  const annotations = Object.entries(objectAt(metadata, 'annotations') ?? {}).filter(
    (entry) => !mayHoldValue(entry, values),
  );
  return {
    ...pick(secret, OPEN_FIELDS),
    metadata: {
      ...pick(metadata, OPEN_METADATA),
      ...(annotations.length > 0 && { annotations: Object.fromEntries(annotations) }),
    },
    data: Object.fromEntries(sizes),
    ...(certificate !== undefined && { certificate }),
  };
}

function sizeOf(value: Json | undefined): number {
  return typeof value === 'string' ? Buffer.byteLength(value, 'base64') : 0;
}

function textOf(value: string): string {
  return Buffer.from(value, 'base64').toString('utf8');
}

const LONGEST_ANNOTATION = 256;
/** Shorter values are in every text by chance. */
const SHORTEST_VALUE = 4;

/** Tools keep whole objects in annotations, as kubectl does with what was applied last. */
function mayHoldValue(
  [name, annotation]: readonly [string, Json | undefined],
  values: readonly string[],
): boolean {
  if (typeof annotation !== 'string' || name.startsWith('kubectl.kubernetes.io/')) return true;
  if (annotation.length > LONGEST_ANNOTATION || /^\s*[[{]/.test(annotation)) return true;
  return values.some((value) => value.length >= SHORTEST_VALUE && annotation.includes(value));
}

function pick(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(
    fields.filter((field) => object[field] !== undefined).map((field) => [field, object[field]]),
  );
}

/** Schemas of custom kinds are most of what a cluster sends, and say nothing besides which kinds hold pod templates. */
function withoutSchemas(definition: JsonObject): JsonObject {
  const spec = objectAt(definition, 'spec');
  const versions = arrayAt(spec, 'versions');
  if (spec === undefined || versions === undefined) return definition;
  const bare = versions.map((version) => (isObject(version) ? without(version, 'schema') : version));
  return { ...definition, spec: { ...spec, versions: bare } };
}

function without(object: JsonObject, field: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== field));
}
