import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomDocument } from './random-yaml.ts';
import { type ReadDocument, readDocuments } from './read.ts';
import { type PlacedValue, placedValues } from './soundness.ts';

/** A comment that only the full parser takes, so that both readers are proved. */
const FULL = '# \u{1f642}\n';

function only(text: string): ReadDocument {
  const { documents, problems } = readDocuments(text);
  const [document] = documents;
  if (document === undefined) throw new Error(JSON.stringify(problems));
  return document;
}

function places(text: string): string[] {
  return placedValues(only(text)).map(({ keyStart, start, end }) => {
    if (keyStart === start) return text.slice(start, end);
    const key = keyStart < start ? text.slice(keyStart, start) : text.slice(keyStart).split('\n')[0];
    return `${key}|${text.slice(start, end)}`;
  });
}

describe.each([
  { name: 'read directly', head: '' },
  { name: 'read by the full parser', head: FULL },
])('the values of a document $name', ({ head }) => {
  it.each([
    { text: '{"a": [1, "x", null, true]}', value: { a: [1, 'x', null, true] } },
    { text: 'on: y\n8080: z\n', value: { true: true, 8080: 'z' } },
    { text: 'a: &x {b: 1}\nc: *x\nd: [*x]\n', value: { a: { b: 1 }, c: { b: 1 }, d: [{ b: 1 }] } },
    { text: 'a: &x 12\n*x : y\n', value: { a: 12, 12: true } },
    { text: '&x 12: *x\n', value: { 12: 12 } },
    { text: 'a: &x {b: &x 1}\nc: *x\n', value: { a: { b: 1 }, c: 1 } },
    { text: 'a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\n', value: { a: { b: 1, c: 2 }, d: { b: 1, c: 3 } } },
    { text: 'd: {c: 3, <<: {c: 4}}\n', value: { d: { c: 4 } } },
    { text: '<<: [{a: 1, b: 1}, {a: 2, c: 2}]\n', value: { a: 1, b: 1, c: 2 } },
    { text: '<<: {a: 1}\n<<: {a: 2}\n', value: { a: 2 } },
    { text: '"<<": {a: 1}\n', value: { '<<': { a: 1 } } },
    { text: '! <<: {a: 1}\n', value: { a: 1 } },
    { text: '!!map {a: !!str 1, b: !x 2}\n', value: { a: '1', b: '2' } },
    { text: '[a: b, {c}, ? d]\n', value: [{ a: 'b' }, { c: null }, { d: null }] },
    { text: 'a: |1\n  x\nb: >-\n x\n y\n', value: { a: ' x\n', b: 'x y' } },
    { text: '"it\\x27s": "a\\tb\\\n   c"\n', value: { "it's": 'a\tbc' } },
    { text: 'a: "x\u2028y"\n', value: { a: 'x\u2028y' } },
    { text: '%TAG !e! tag:yaml.org,2002:\n---\na: !e!str 1\n', value: { a: '1' } },
  ])('of $text', ({ text, value }) => {
    const given = text.startsWith('%') ? text : head + text;

    expect(only(given).value).toEqual(value);
  });

  it('keep __proto__ as a key like any other', () => {
    const { value } = only(`${head}{"__proto__": {"polluted": 1}, "a": 2}`);

    expect(Object.keys(Object(value))).toEqual(['__proto__', 'a']);
    expect('polluted' in Object(value)).toBe(false);
  });
});

describe('the place of a value', () => {
  it.each([
    {
      name: 'scalars and their keys',
      text: 'a: 1\n"b" :  \'x\'\n',
      places: ['a: 1\n"b" :  \'x\'', 'a: |1', '"b" :  |\'x\''],
    },
    { name: 'items', text: '- a\n-  b\n', places: ['- a\n-  b', 'a', 'b'] },
    {
      name: 'flow collections',
      text: 'a: [ 1, {b: 2} ] # c\n',
      places: ['a: [ 1, {b: 2} ]', 'a: |[ 1, {b: 2} ]', '1', '{b: 2}', 'b: |2'],
    },
    { name: 'a pair in a list', text: '[a: b, c]', places: ['[a: b, c]', 'a: b', 'a: |b', 'c'] },
    { name: 'brackets in comments', text: '[a, # ]\n ]', places: ['[a, # ]\n ]', 'a'] },
    {
      name: 'integer-like keys, in their order in JavaScript',
      text: 'x: a\n10: b\n2: c\n',
      places: ['x: a\n10: b\n2: c', '2: |c', '10: |b', 'x: |a'],
    },
    {
      name: 'aliases: where the anchor is',
      text: '- &x ab\n- *x\n',
      places: ['- &x ab\n- *x', 'ab', '*x|ab'],
    },
    {
      name: 'merged values: where they are written',
      text: '<<: {a: 1, b: 2}\nb: 3\n',
      places: ['<<: {a: 1, b: 2}\nb: 3', 'a: |1', 'b: |3'],
    },
    {
      name: 'the text of block scalars',
      text: 'a: |\n  x\nb: 1\n',
      places: ['a: |\n  x\nb: 1', 'a: |\n|  x\n', 'b: |1'],
    },
  ])('is found for $name', ({ text, places: expected }) => {
    expect(places(text)).toEqual(expected);
  });

  it('is at the key for a value that is not there', () => {
    expect(
      placedValues(only('a:\nb: 1\n')).map(({ keyStart, start, end }) => [keyStart, start, end]),
    ).toEqual([
      [0, 0, 7],
      [0, 1, 1],
      [3, 6, 7],
    ]);
  });

  it('is that of the alias where a whole mapping is meant', () => {
    const text = 'a: &x {b: 1}\nc: *x\n';
    const [, , , alias] = placedValues(only(text));

    expect([text.slice(alias?.keyStart, 16), alias?.start]).toEqual(['c: ', text.indexOf('{')]);
  });
});

const HEADER = /[|>][-+0-9]*[ \t]*(?:#[^\n]*)?\r?\n$/;
const TAGGED = /![^\s]*\s+(?:&\S+\s+)?(?:#[^\n]*\n)?\s*$/;
const LOOK_BEHIND = 80;

/** Block scalars and tagged ones mean something else without what stands before them, and so does `[-]`. */
function standsAlone(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - LOOK_BEHIND), at);
  return !HEADER.test(before) && !TAGGED.test(before);
}

function rereadsAlone(text: string, { value, start, end }: PlacedValue): boolean {
  if (typeof value === 'object' || start === end || value === '-' || !standsAlone(text, start)) return true;
  const { documents, problems } = readDocuments(text.slice(start, end));
  return problems.length === 0 && Object.is(documents[0]?.value ?? null, value);
}

function hasKey(text: string, { key, keyStart, start }: PlacedValue): boolean {
  if (key === undefined || text[keyStart] === '*' || !standsAlone(text, keyStart)) return true;
  const upTo = start > keyStart ? text.slice(keyStart, start) : text.slice(keyStart, keyStart + LOOK_BEHIND);
  return [...upTo, ' '].some((_, length) => {
    const written = upTo.slice(0, length).trim();
    return [`${written}: 0`, `? ${written}\n: 0\n`].some(
      (alone) => Object.keys(Object(readDocuments(alone).documents[0]?.value))[0] === key,
    );
  });
}

describe('every value of any document', () => {
  const documents = fc
    .gen()
    .map((given) => randomDocument((limit) => given(fc.nat, { max: limit - 1 })))
    .map((text) => ({ text, documents: readDocuments(text).documents }));

  it('is what stands at its place, under the key that stands there', () => {
    let read = 0;
    fc.assert(
      fc.property(documents, (given) => {
        for (const document of given.documents) {
          read++;
          const wrong = placedValues(document).filter(
            (placed) => !rereadsAlone(given.text, placed) || !hasKey(given.text, placed),
          );
          expect(wrong).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
    expect(read).toBeGreaterThan(50);
  });

  it('is the same, at the same place, for the direct reader and the full parser', () => {
    fc.assert(
      fc.property(documents, ({ text, documents: direct }) => {
        fc.pre(!/^[\ufeff%]/.test(text));
        const full = readDocuments(FULL + text).documents;
        fc.pre(full.length === direct.length);
        const shift = FULL.length;
        const moved = full.map(({ value, offsets }) => ({
          value,
          offsets: [...offsets].map((number, index) => (index % 4 === 3 ? number : number - shift)),
        }));

        expect(moved).toEqual(direct.map(({ value, offsets }) => ({ value, offsets: [...offsets] })));
      }),
      { numRuns: 300 },
    );
  });
});
