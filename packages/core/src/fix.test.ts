import { expect, it } from 'vitest';
import { applyEdits, type Edit, editsFor, safe } from './fix.ts';
import type { JsonObject } from './json.ts';
import { toResource } from './resource.ts';

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

it.each<{ name: string; edit: Edit; offered: boolean }>([
  { name: 'a new field', edit: { op: 'set', path: ['spec', 'a', 'b'], value: 1 }, offered: true },
  { name: 'a field below a null', edit: { op: 'set', path: ['none', 'a'], value: 1 }, offered: true },
  { name: 'a new list', edit: { op: 'append', path: ['none'], value: 1 }, offered: true },
  {
    name: 'a field below a flag',
    edit: { op: 'set', path: ['spec', 'hostPID', 'x'], value: 1 },
    offered: false,
  },
  { name: 'an item after the last', edit: { op: 'remove', path: ['spec', 'containers', 3] }, offered: false },
  { name: 'an item of no list', edit: { op: 'set', path: ['spec', 0], value: 1 }, offered: false },
  {
    name: 'a list that is a flag',
    edit: { op: 'append', path: ['spec', 'hostPID'], value: 1 },
    offered: false,
  },
  { name: 'the removal of what is not there', edit: { op: 'remove', path: ['spec', 'a'] }, offered: false },
])('offers an edit only where the object has a place for it: $name', ({ edit, offered }) => {
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, none: null, ...POD };
  const resource = toResource(object, { kind: 'cluster', cluster: 'test', resourceVersion: '1' });
  const fix = { ...safe('Nothing notices.'), edits: () => [edit] };

  expect(editsFor(fix, { path: [], facts: {} }, resource)).toEqual(offered ? [edit] : []);
});

it('takes __proto__ for an ordinary key', () => {
  const edited = applyEdits({}, [{ op: 'set', path: ['__proto__', 'polluted'], value: true }]);

  expect(Object.hasOwn(edited, '__proto__')).toBe(true);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

it.each<{ name: string; edits: readonly Edit[]; rules: JsonObject[] }>([
  {
    name: 'an item that two edits remove goes once',
    edits: [
      { op: 'remove', path: ['rules', 0, 'verbs', 0] },
      { op: 'remove', path: ['rules', 0, 'verbs', 0] },
    ],
    rules: [{ verbs: ['list'] }, { verbs: ['get'] }],
  },
  {
    name: 'what a list must not lack goes with its last item',
    edits: [
      { op: 'remove', path: ['rules', 0, 'verbs', 0], last: ['rules', 0] },
      { op: 'remove', path: ['rules', 0, 'verbs', 1], last: ['rules', 0] },
    ],
    rules: [{ verbs: ['get'] }],
  },
  {
    name: 'it stays as long as an item does',
    edits: [
      { op: 'remove', path: ['rules', 0, 'verbs', 1], last: ['rules', 0] },
      { op: 'remove', path: ['rules', 1, 'verbs', 0] },
    ],
    rules: [{ verbs: ['get'] }, { verbs: [] }],
  },
])('of removals: $name', ({ edits, rules }) => {
  expect(applyEdits({ rules: [{ verbs: ['get', 'list'] }, { verbs: ['get'] }] }, edits)).toEqual({ rules });
});
