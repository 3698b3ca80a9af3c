import type { JsonObject } from '@bulwark/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsPodTemplate } from './pod-template.ts';

const object = (properties: JsonObject): JsonObject => ({ type: 'object', properties });
const list = (items: JsonObject): JsonObject => ({ type: 'array', items });
const OPEN: JsonObject = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const containers = list(object({ name: { type: 'string' }, image: { type: 'string' } }));
const podTemplate = object({ metadata: OPEN, spec: object({ containers }) });

function definition(schema: JsonObject, group = 'example.com', served = true): JsonObject {
  return { spec: { group, versions: [{ name: 'v1', served, schema: { openAPIV3Schema: schema } }] } };
}

describe('a pod template in the schema of a custom kind', () => {
  it.each([
    ['in its spec', object({ spec: object({ template: podTemplate }) }), true],
    ['as its own spec', object({ spec: object({ containers }) }), true],
    ['in a list', object({ spec: object({ roles: list(object({ template: podTemplate })) }) }), true],
    [
      'in a map',
      object({
        spec: object({ groups: { type: 'object', additionalProperties: object({ pod: podTemplate }) } }),
      }),
      true,
    ],
    ['that is left open', object({ spec: object({ template: OPEN }) }), true],
    ['that is left open under another name', object({ spec: object({ podTemplate: OPEN }) }), true],
    [
      'with containers that are left open',
      object({ spec: object({ x: object({ spec: object({ containers: list(OPEN) }) }) }) }),
      true,
    ],
    [
      'by containers outside of a spec',
      object({ spec: object({ containersPerPod: { type: 'integer' } }) }),
      false,
    ],
    ['by names of containers', object({ spec: object({ containers: list({ type: 'string' }) }) }), false],
    [
      'by a template of something else',
      object({ spec: object({ template: object({ title: { type: 'string' } }) }) }),
      false,
    ],
    ['by open fields', object({ spec: object({ values: OPEN }) }), false],
    ['without any schema', {}, false],
  ])('is found %s: %#', (_where, schema, expected) => {
    expect(holdsPodTemplate(definition(schema))).toBe(expected);
  });

  it('does not count in a version that is not served, nor where objects only hold patterns of pods', () => {
    const schema = object({ spec: object({ template: podTemplate }) });

    expect(holdsPodTemplate(definition(schema, 'example.com', false))).toBe(false);
    expect(holdsPodTemplate(definition(schema, 'kyverno.io'))).toBe(false);
    expect(holdsPodTemplate(definition(schema, 'constraints.gatekeeper.sh'))).toBe(false);
  });

  it('never throws, whatever a definition holds', () => {
    const key = fc.constantFrom(
      'properties',
      'items',
      'spec',
      'containers',
      'template',
      'type',
      'additionalProperties',
    );
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(null, true, 1, 'object'),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(key, tie('json'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(json, (schema) => {
        holdsPodTemplate(definition(schema as JsonObject));
      }),
    );
  });
});
