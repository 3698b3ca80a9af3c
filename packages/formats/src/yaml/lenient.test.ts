import { YAMLException } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { LenientParser, MOST_PARSED_AGAIN } from './lenient.ts';
import { readDocuments } from './read.ts';

/** An anchor that nothing refers to keeps the direct reader away. */
const FULL = '&full ';

function given(text: string): { readonly value: unknown; readonly places: readonly string[] } {
  const { documents, problems } = readDocuments(text);
  const [document] = documents;
  if (document === undefined) throw new Error(JSON.stringify(problems));
  const { value, offsets } = document;
  const places = Array.from({ length: offsets.length / 4 }, (_, node) =>
    text.slice(offsets[node * 4 + 1], offsets[node * 4 + 2]),
  );
  return { value, places: places.slice(1) };
}

describe('the full parser reads what libyaml reads', () => {
  it.each([
    {
      name: 'a bracket at the margin',
      text: `a: ${FULL}[\n  1,\n]\nb: 2\n`,
      value: { a: [1], b: 2 },
      places: ['[\n  1,\n]', '1', '2'],
    },
    {
      name: 'items and comments at the margin',
      text: `a: ${FULL}[\nb, # c\n\n# d\n{\nc: 1\n}\n]\n`,
      value: { a: ['b', { c: 1 }] },
      places: ['[\nb, # c\n\n# d\n{\nc: 1\n}\n]', 'b', '{\nc: 1\n}', '1'],
    },
    {
      name: 'a double-quoted scalar at the margin',
      text: `a:\n  b: ${FULL}"c\nd\n\ne\\\nf"\n`,
      value: { a: { b: 'c d\nef' } },
      places: [`b: ${FULL}"c\nd\n\ne\\\nf"`, '"c\nd\n\ne\\\nf"'],
    },
    {
      name: 'a single-quoted scalar at the margin, with CRLF',
      text: `a: ${FULL}'b\r\nc'\r\nd: e\r\n`,
      value: { a: 'b c', d: 'e' },
      places: ["'b\r\nc'", 'e'],
    },
    {
      name: 'a plain scalar at the margin of a flow collection',
      text: `a: ${FULL}[b\nc]\n`,
      value: { a: ['b c'] },
      places: ['[b\nc]', 'b\nc'],
    },
    {
      name: 'tabs inside flow collections',
      text: `a: ${FULL}{\tb:\t1,\n\tc: "d\te"\n\t}\n`,
      value: { a: { b: 1, c: 'd\te' } },
      places: ['{\tb:\t1,\n\tc: "d\te"\n\t}', '1', '"d\te"'],
    },
    {
      name: 'escaped apostrophes',
      text: `a: ${FULL}"it\\'s '\\'"\n`,
      value: { a: "it's ''" },
      places: [`"it\\'s '\\'"`],
    },
  ])('$name', ({ text, value, places }) => {
    expect(given(text)).toEqual({ value, places });
  });

  it('and tells the place of a fault behind what it repaired', () => {
    const text = `a: ${FULL}[\n]\nb: "c\nd"\nb: 2\n`;

    expect(readDocuments(text).problems).toMatchObject([
      { code: 'duplicate-key', offset: text.lastIndexOf('b') },
    ]);
  });

  it('and leaves the lines of block collections as they are', () => {
    expect(readDocuments(`a: ${FULL}\n  b: |\n   c\n d\n`).problems).toHaveLength(1);
  });

  it('as far as the allowance of the file goes', () => {
    const text = `a: [\n${'b,\n'.repeat(50)}]\n`;
    const allowance = { left: MOST_PARSED_AGAIN };

    new LenientParser(text, allowance).parse();

    expect(MOST_PARSED_AGAIN - allowance.left).toBeGreaterThan(50 * text.length);
    expect(() => new LenientParser(text, { left: text.length }).parse()).toThrow(YAMLException);
  });

  it('in bounded time, however many such lines there are', () => {
    const { problems } = readDocuments(`a: ${FULL}[\n${'b,\n'.repeat(100_000)}]\n`);

    expect(problems).toMatchObject([{ code: 'invalid-yaml', reason: 'deficient indentation' }]);
  });
});
