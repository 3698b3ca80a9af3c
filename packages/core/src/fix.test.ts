import { expect, it } from 'vitest';
import { applyEdits, type Edit } from './fix.ts';
import type { JsonObject } from './json.ts';

const POD: JsonObject = {
  spec: { hostPID: true, containers: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] },
};

it.each<{ name: string; edits: readonly Edit[]; result: JsonObject }>([
  {
    name: 'sets a field that is there',
    edits: [{ op: 'set', path: ['spec', 'hostPID'], value: false }],
    result: { spec: { hostPID: false, containers: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] } },
  },
  {
    name: 'makes the mappings and the list on the way',
    edits: [
      { op: 'set', path: ['metadata', 'labels', 'a.b/c'], value: 'x' },
      { op: 'append', path: ['spec', 'capabilities', 'drop'], value: 'ALL' },
    ],
    result: {
      metadata: { labels: { 'a.b/c': 'x' } },
      spec: {
        hostPID: true,
        containers: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
        capabilities: { drop: ['ALL'] },
      },
    },
  },
  {
    name: 'reads every path in the given object, whatever else is removed',
    edits: [
      { op: 'remove', path: ['spec', 'containers', 0] },
      { op: 'remove', path: ['spec', 'containers', 2] },
      { op: 'set', path: ['spec', 'containers', 1, 'image'], value: 'b:1' },
      { op: 'remove', path: ['spec', 'hostPID'] },
    ],
    result: { spec: { containers: [{ name: 'b', image: 'b:1' }] } },
  },
])('an edit $name', ({ edits, result }) => {
  expect(applyEdits(POD, edits)).toEqual(result);
});

it.each<{ edit: Edit; error: RegExp }>([
  { edit: { op: 'set', path: ['spec', 'hostPID', 'x'], value: 1 }, error: /no mapping around x/ },
  { edit: { op: 'set', path: ['spec', 'containers', 3, 'x'], value: 1 }, error: /no list item 3/ },
  { edit: { op: 'append', path: ['spec', 'hostPID'], value: 1 }, error: /no list to append to/ },
  { edit: { op: 'remove', path: [] }, error: /cannot be removed/ },
])('refuses $edit', ({ edit, error }) => {
  expect(() => applyEdits(POD, [edit])).toThrow(error);
});

it('takes __proto__ for an ordinary key', () => {
  const edited = applyEdits({}, [{ op: 'set', path: ['__proto__', 'polluted'], value: true }]);

  expect(Object.hasOwn(edited, '__proto__')).toBe(true);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
