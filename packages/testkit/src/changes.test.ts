import type { Json } from '@bulwark/core';
import { expect, it } from 'vitest';
import { changesBetween } from './changes.ts';

const BEFORE = { a: 1, b: { c: true }, d: [{ name: 'x', e: 1 }, { name: 'y' }], 'f.g/h': 'text' };

it.each<{ name: string; after: Json; changes: readonly string[] }>([
  { name: 'nothing', after: BEFORE, changes: [] },
  { name: 'a value', after: { ...BEFORE, a: 2 }, changes: ['a = 2'] },
  { name: 'what is added, as a whole', after: { ...BEFORE, z: { y: [1] } }, changes: ['z = {"y":[1]}'] },
  {
    name: 'what is removed',
    after: { a: 1, b: {}, d: BEFORE.d },
    changes: ['b.c gone', '["f.g/h"] gone'],
  },
  {
    name: 'a value in a list, by the name of its item',
    after: { ...BEFORE, d: [{ name: 'x', e: 2 }, { name: 'y' }] },
    changes: ['d[x].e = 2'],
  },
  { name: 'an item that is removed', after: { ...BEFORE, d: [{ name: 'y' }] }, changes: ['d[x] gone'] },
  {
    name: 'an item that is added',
    after: { ...BEFORE, d: [{ name: 'x', e: 1 }, { name: 'y' }, 'z'] },
    changes: ['d[2] = "z"'],
  },
  {
    name: 'a list in which more has changed',
    after: { ...BEFORE, d: [{ name: 'z' }] },
    changes: ['d = [{"name":"z"}]'],
  },
])('tells $name', ({ after, changes }) => {
  expect(changesBetween(BEFORE, after)).toEqual(changes);
});
