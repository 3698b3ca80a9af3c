import type { Edit, Json, Path } from '@bulwark/core';
import { applyEdits, type JsonObject } from '@bulwark/core';
import { expect, it } from 'vitest';
import { readDocuments } from '../read.ts';
import { CannotSplice } from './cannot-splice.ts';
import { applySplices, splicesOf } from './splice.ts';

function spliced(text: string, edits: readonly Edit[]): string {
  const [document] = readDocuments(text).documents;
  if (document === undefined) throw new Error('no document');
  const { value, offsets } = document;
  const after = applySplices(text, splicesOf(text, { object: value, offsets, node: 0 }, edits));
  expect(readDocuments(after).documents[0]?.value).toEqual(applyEdits(value as JsonObject, edits));
  return after;
}

const set = (path: Path, value: Json): Edit => ({ op: 'set', path, value });
const append = (path: Path, value: Json): Edit => ({ op: 'append', path, value });
const remove = (...path: Path): Edit => ({ op: 'remove', path });

it.each<{ name: string; text: string; edits: readonly Edit[]; after: string }>([
  {
    name: 'a comment before a value on the next line',
    text: 'a:  # note\n  true # and\nb: 1\n',
    edits: [set(['a'], false)],
    after: 'a:  # note\n  false # and\nb: 1\n',
  },
  {
    name: 'the comments between the lines of a list that is emptied',
    text: 'a:  # key\n# before\n- x # of x\n# between\n- y\n# after\nb: 1\n',
    edits: [remove('a', 0), remove('a', 1)],
    after: 'a: []  # key\n# before\n# between\n# after\nb: 1\n',
  },
  {
    name: 'the comments between the lines of a mapping that is replaced',
    text: 'a: # key\n  # before\n  x: 1\n\n  y: 2\n',
    edits: [set(['a'], { z: 3 })],
    after: 'a: # key\n  z: 3\n  # before\n\n',
  },
  {
    name: 'the comment beside the header of a block of text',
    text: 'a: |- # header\n  x\n\n  y\n\nb: 1\n',
    edits: [set(['a'], 'z')],
    after: 'a: z # header\n\nb: 1\n',
  },
  {
    name: 'the comment beside a block of text that becomes a mapping',
    text: 'a: > # header\n  x\nb: 1\n',
    edits: [set(['a'], { c: 1 })],
    after: 'a: # header\n  c: 1\nb: 1\n',
  },
  {
    name: 'the comment beside a null that gets entries',
    text: 'a: ~ # null\nb: # nothing\n',
    edits: [set(['a', 'c'], 1), set(['b', 'c'], 2)],
    after: 'a: # null\n  c: 1\nb: # nothing\n  c: 2\n',
  },
  {
    name: 'the comment before a null on the next line',
    text: 'a: # note\n  null # and\nb: 1\n',
    edits: [set(['a', 'c'], 1)],
    after: 'a: # note\n  c: 1 # and\nb: 1\n',
  },
  {
    name: 'the comment beside an empty mapping among blocks',
    text: 'a: &x {} # empty\nb: {c: {}}\nd:\n- {}\n',
    edits: [set(['a', 'e'], 1), set(['b', 'c', 'e'], 2), set(['d', 0, 'e'], 3)],
    after: 'a: &x # empty\n  e: 1\nb: {c: {e: 2}}\nd:\n- {e: 3}\n',
  },
  {
    name: 'what is added to blocks that end in one line apart, the inner ones first',
    text: 'a:\n  b:\n  - c:\n      d: 1\n      x: 0\n',
    edits: [set(['a', 'e'], 2), set(['a', 'b', 0, 'c', 'f'], 3), remove('a', 'b', 0, 'c', 'x')],
    after: 'a:\n  b:\n  - c:\n      d: 1\n      f: 3\n  e: 2\n',
  },
  {
    name: 'comments with the block that they end',
    text: 'a:\n  b:\n    c: 1\n    # end of b\n  # end of a\nd:\n- e: 1\n  # end of e\n',
    edits: [set(['a', 'f'], 2), set(['a', 'b', 'g'], 3), append(['d'], 4)],
    after:
      'a:\n  b:\n    c: 1\n    g: 3\n    # end of b\n  f: 2\n  # end of a\nd:\n- e: 1\n  # end of e\n- 4\n',
  },
  {
    name: 'steps of four columns, and dashes under their key',
    text: 'a:\n    b:\n    -   c: 1\n        d: 2\n    e: 3\n',
    edits: [set(['a', 'f'], { g: { h: [1] } }), append(['a', 'b'], { c: 2, d: { x: 1 } })],
    after:
      'a:\n    b:\n    -   c: 1\n        d: 2\n    -   c: 2\n        d:\n            x: 1\n    e: 3\n    f:\n        g:\n            h:\n            - 1\n',
  },
  {
    name: 'an anchor',
    text: 'a: &x true\nb: *x\n',
    edits: [set(['a'], false), set(['b'], false)],
    after: 'a: &x false\nb: false\n',
  },
  {
    name: 'what stands below an alias that goes',
    text: 'a: &x {k: 1}\nb:\n  c: *x # note\n  d: 2\ne: [*x, 3]\n',
    edits: [remove('b', 'c'), remove('e', 0)],
    after: 'a: &x {k: 1}\nb:\n  d: 2\ne: [3]\n',
  },
  {
    name: 'an anchor that is edited in all its places',
    text: 'a: &x {k: 1}\nb: *x\n',
    edits: [set(['a', 'l'], 2), set(['b', 'l'], 2)],
    after: 'a: &x {k: 1, l: 2}\nb: *x\n',
  },
  {
    name: 'what a mapping merges',
    text: 'a: &x {k: 1}\nb:\n  <<: *x\n  c: 2\n',
    edits: [set(['b', 'd'], 3)],
    after: 'a: &x {k: 1}\nb:\n  <<: *x\n  c: 2\n  d: 3\n',
  },
  {
    name: 'the place of what is added below a line that goes',
    text: 'a:\n  b: 1\n  c:\n    d: 1 # gone\n    # stays\n    e: 2 # gone\nf: 3\n',
    edits: [remove('a', 'c', 'd'), remove('a', 'c', 'e'), set(['a', 'g'], 4)],
    after: 'a:\n  b: 1\n  c: {}\n    # stays\n  g: 4\nf: 3\n',
  },
  {
    name: 'the place of what comes instead of all that goes',
    text: 'a:\n  b: 1 # gone\nc: {d: 1}\ne:\n- f: 1\n',
    edits: [remove('a', 'b'), set(['a', 'x'], 2), remove('c', 'd'), set(['c', 'y'], 3), remove('e', 0, 'f')],
    after: 'a:\n  x: 2\nc: {"y": 3}\ne:\n- {}\n',
  },
  {
    name: 'several parts in flow style, wherever they stand',
    text: 'a: {b: 1, c: 2, d: 3, e: 4, f: 5}\n',
    edits: [remove('a', 'b'), remove('a', 'd'), remove('a', 'e'), remove('a', 'f')],
    after: 'a: {c: 2}\n',
  },
  {
    name: 'a byte order mark',
    text: '\uFEFFa: 1\nb: 2\n',
    edits: [remove('a'), set(['c'], 3)],
    after: '\uFEFFb: 2\nc: 3\n',
  },
  {
    name: 'the line ends around an edit',
    text: 'a:\r\n  b: 1\r\nc:\n  d: 1\ne:\r\n  f: 1',
    edits: [set(['a', 'x'], 1), set(['c', 'x'], 1), set(['e', 'x'], 1)],
    after: 'a:\r\n  b: 1\r\n  x: 1\r\nc:\n  d: 1\n  x: 1\ne:\r\n  f: 1\r\n  x: 1',
  },
  {
    name: 'tags, and items that do not stand beside their dash',
    text: '- !!map\n  a: 1\n- # note\n  a: 2\n-\n  a: 3\n- &x\n  a: 4\n'
      .replace(/^/gm, '  ')
      .replace(/^/, 'k:\n'),
    edits: [remove('k', 0), remove('k', 2), set(['k', 1, 'a'], 5), append(['k'], 'end')],
    after: 'k:\n  - # note\n    a: 5\n  - &x\n    a: 4\n  - end\n  ',
  },
  {
    name: 'keys in quotes, with colons, and explicit ones',
    text: "\"a: b\": 1\n'it''s': 2\n? c\n: 3\n",
    edits: [set(['a: b'], 4), set(["it's"], 5), set(['c'], 6)],
    after: "\"a: b\": 4\n'it''s': 5\n? c\n: 6\n",
  },
  {
    name: 'emoji and tabs',
    text: 'a:\ttrue\t#\t😀\nb: ["😀", 1]\n',
    edits: [set(['a'], false), append(['b'], 'é')],
    after: 'a:\tfalse\t#\t😀\nb: ["😀", 1, "é"]\n',
  },
])('keeps $name', ({ text, edits, after }) => {
  expect(spliced(text, edits)).toBe(after);
});

it.each<{ name: string; text: string; edits: readonly Edit[] }>([
  { name: 'in flow style', text: 'a: [1, # one\n  2]\n', edits: [remove('a', 1)] },
  { name: 'before what stays in flow style', text: 'a: [1, # one\n  2]\n', edits: [remove('a', 0)] },
  { name: 'in an item that is replaced', text: 'a:\n- b: 1 # one\n  c: 2\n', edits: [set(['a', 0], 3)] },
])('refuses an edit by which a comment would be lost $name', ({ text, edits }) => {
  expect(() => spliced(text, edits)).toThrow(CannotSplice);
});

it('refuses to change what lies inside of what is written anew', () => {
  expect(() => spliced('a: {b: 1}\n', [set(['a', 'c'], 2), set(['a'], 3)])).toThrow(CannotSplice);
});
