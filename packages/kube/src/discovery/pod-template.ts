import {
  arrayAt,
  get,
  isBuiltInGroup,
  isObject,
  type Json,
  type JsonObject,
  objectAt,
  stringAt,
} from '@bulwark/core';

/** Deeper than any schema that people write; a schema is a tree, so the walk ends anyway. */
const DEEPEST = 40;
/** Groups whose objects hold patterns that only look like pod templates. */
const PATTERNS = /(^|\.)(kyverno\.io|gatekeeper\.sh)$/;
/** A field of this name whose content the schema leaves open is a pod template, as far as anyone can tell. */
const NAMED_TEMPLATE = /^(pod)?template(spec)?$/i;

/**
 * Whether objects of a custom kind can hold a pod template, by the schema of its definition: an object whose `spec` has
 * a list of `containers` with images, or a template that the schema leaves open.
 */
export function holdsPodTemplate(definition: JsonObject): boolean {
  const group = stringAt(definition, 'spec', 'group') ?? '';
  if (isBuiltInGroup(group) || PATTERNS.test(group)) return false;
  const versions = arrayAt(definition, 'spec', 'versions') ?? [];
  return versions.some(
    (version) => get(version, 'served') === true && holds(objectAt(version, 'schema', 'openAPIV3Schema'), 0),
  );
}

function holds(schema: JsonObject | undefined, depth: number): boolean {
  if (schema === undefined || depth > DEEPEST) return false;
  const properties = objectAt(schema, 'properties') ?? {};
  if (isPodSpec(properties['spec'])) return true;
  for (const [name, property] of Object.entries(properties)) {
    if (!isObject(property)) continue;
    if (NAMED_TEMPLATE.test(name) && isOpen(property)) return true;
    if (holds(property, depth + 1)) return true;
  }
  return (
    holds(objectAt(schema, 'items'), depth + 1) || holds(objectAt(schema, 'additionalProperties'), depth + 1)
  );
}

function isPodSpec(schema: Json | undefined): boolean {
  const items = objectAt(schema, 'properties', 'containers', 'items');
  return items !== undefined && (isOpen(items) || get(items, 'properties', 'image') !== undefined);
}

/** Whether a schema allows an object with anything in it. */
function isOpen(schema: JsonObject): boolean {
  const type = stringAt(schema, 'type') ?? 'object';
  return type === 'object' && schema['x-kubernetes-preserve-unknown-fields'] === true && !hasSpec(schema);
}

/** Open at the top and described below: the description decides. */
function hasSpec(schema: JsonObject): boolean {
  return objectAt(schema, 'properties', 'spec', 'properties') !== undefined;
}
