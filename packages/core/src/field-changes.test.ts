import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldChanges } from './field-changes.ts';
import { isSameJson, type JsonObject } from './json.ts';

const container = (name: string, more: JsonObject = {}) => ({
  name,
  image: `example.com/${name}:1`,
  ...more,
});

describe('the changes between two versions of an object', () => {
  it.each([
    {
      what: 'a field that has another value',
      before: { spec: { replicas: 1, paused: false } },
      after: { spec: { replicas: 2, paused: false } },
      changes: [{ path: 'spec.replicas', before: 1, after: 2 }],
    },
    {
      what: 'a field that came, whole',
      before: { spec: {} },
      after: { spec: { securityContext: { runAsUser: 0 } } },
      changes: [{ path: 'spec.securityContext', before: undefined, after: { runAsUser: 0 } }],
    },
    {
      what: 'items by name, wherever they are',
      before: { containers: [container('a'), container('b')] },
      after: { containers: [container('b', { image: 'x:2' }), container('a')] },
      changes: [{ path: 'containers[b].image', before: 'example.com/b:1', after: 'x:2' }],
    },
    {
      what: 'an item that came and one that went',
      before: { containers: [container('a')] },
      after: { containers: [container('b')] },
      changes: [
        { path: 'containers[a]', before: container('a'), after: undefined },
        { path: 'containers[b]', before: undefined, after: container('b') },
      ],
    },
    {
      what: 'what is left of items without names',
      before: { rules: [{ verbs: ['get'] }, { verbs: ['list'] }] },
      after: { rules: [{ verbs: ['list'] }, { verbs: ['get', 'delete'] }] },
      changes: [{ path: 'rules[1].verbs[1]', before: undefined, after: 'delete' }],
    },
    {
      what: 'a list in another order, as one change',
      before: { args: ['a', 'b'] },
      after: { args: ['b', 'a'] },
      changes: [{ path: 'args', before: ['a', 'b'], after: ['b', 'a'] }],
    },
    {
      what: 'nothing where only the order of keys is another',
      before: { a: 1, b: 2 },
      after: { b: 2, a: 1 },
      changes: [],
    },
  ])('say $what', ({ before, after, changes }) => {
    expect(fieldChanges(before, after)).toEqual(changes);
  });

  it('are none exactly where both say the same', () => {
    const small = fc.dictionary(fc.constantFrom('a', 'b', 'name'), fc.jsonValue({ maxDepth: 3 }), {
      maxKeys: 3,
    });

    fc.assert(
      fc.property(small, small, (a, b) => {
        const [before, after] = [a as JsonObject, b as JsonObject];
        expect(fieldChanges(before, after).length === 0).toBe(isSameJson(before, after));
        expect(fieldChanges(before, before)).toEqual([]);
      }),
    );
  });
});
