import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_EXPANDED_NODES } from './anchors.ts';
import { WIDTH } from './offsets.ts';
import { mutate, randomDocument } from './random-yaml.ts';
import { type ReadResult, readDocuments } from './read.ts';
import { whyUnsound } from './soundness.ts';

const FULL = '# \u{1f642}\n';

function nodes({ documents }: ReadResult): number {
  return documents.reduce((sum, { offsets }) => sum + offsets.length / WIDTH, 0);
}

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('');
}

describe('any text', () => {
  const mutated = fc.gen().map((given) => {
    const choose = (limit: number): number => given(fc.nat, { max: limit - 1 });
    return mutate(randomDocument(choose), choose);
  });

  it.each([
    { name: 'mutated documents', texts: mutated },
    { name: 'random text', texts: fc.string({ unit: 'binary', maxLength: 200 }) },
    {
      name: 'indicators',
      texts: fc.string({
        unit: fc.constantFrom(...' \n\t-?:[]{},#&*!|>\'"%@`a1\r~.<=\ufeff\u2028'),
        maxLength: 60,
      }),
    },
  ])('gives sound documents or problems: $name', ({ texts }) => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(whyUnsound(text, readDocuments(text))).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
});

/** A second of a slow machine is a hundred times what these take; a quadratic reader takes minutes. */
const PATIENCE = 20_000;
const MANY = 100_000;
const SOME = 30_000;

describe('hostile text is read in bounded time', () => {
  it.each([
    {
      name: 'one line of JSON, 5 MB',
      text: `{"a":[${lines(MANY, (n) => `{"k${n}":"${'x'.repeat(38)}"},`)}0]}`,
      nodes: 2 * MANY + 3,
    },
    { name: 'a mapping of many keys', text: lines(MANY, (n) => `k${n}: ${n}\n`), nodes: MANY + 1 },
    {
      name: 'a mapping of many keys on one line',
      text: `{${lines(MANY, (n) => `"k${n}":1,`)}}`,
      nodes: MANY + 1,
    },
    {
      name: 'integer-like keys, the last first',
      text: lines(MANY, (n) => `${MANY - n}: ${n}\n`),
      nodes: MANY + 1,
    },
    { name: 'pairs in a list', text: `[${'a: b, '.repeat(MANY)}]`, nodes: 2 * MANY + 1 },
    { name: 'anchors', text: lines(SOME, (n) => `- &a${n} b\n`), nodes: SOME + 1 },
    { name: 'one anchor again and again', text: lines(SOME, () => '- &a b\n- *a\n'), nodes: 2 * SOME + 1 },
    { name: 'merges', text: `a: &a {x: 1}\nb:\n${'  <<: *a\n'.repeat(SOME)}`, nodes: 5 },
    { name: 'tagged binary of no text', text: `a: !!binary "${'////'.repeat(SOME)}"`, nodes: 2 },
    { name: 'a long key', text: `${'k'.repeat(SOME)}: 1`, nodes: 2 },
    { name: 'a long number', text: `a: ${'9'.repeat(SOME)}`, nodes: 2 },
    { name: 'many documents', text: '---\na: 1\n'.repeat(SOME), nodes: 2 * SOME },
    { name: 'many markers', text: '---\n'.repeat(SOME), nodes: 0 },
    { name: 'blank lines after nesting', text: `${'- '.repeat(200)}a${'\n'.repeat(SOME)}`, nodes: 201 },
    { name: 'JSON objects', text: '{"a":1}'.repeat(SOME), nodes: 2 * SOME },
    {
      name: 'irregular keys at every level',
      text: `${'{2: 1, 0: '.repeat(200)}[${'1,'.repeat(SOME)}]${'}'.repeat(200)}`,
      nodes: 401 + SOME,
    },
    {
      name: 'block scalars of blank lines',
      text: `a: |\n${'\n'.repeat(SOME)}b: |\n${' '.repeat(SOME)}\n`,
      nodes: 3,
    },
  ])('$name', { timeout: PATIENCE }, ({ text, nodes: expected }) => {
    const result = readDocuments(text);

    expect(result.problems).toEqual([]);
    expect(nodes(result)).toBe(expected);
  });

  it.each([
    { name: 'opening brackets', text: '['.repeat(SOME), code: 'too-deep' },
    { name: 'opening braces', text: '{'.repeat(SOME), code: 'too-deep' },
    { name: 'dashes', text: '- '.repeat(SOME), code: 'too-deep' },
    { name: 'question marks', text: '? '.repeat(SOME), code: 'too-deep' },
    { name: 'colons', text: ': '.repeat(SOME), code: 'too-deep' },
    {
      name: 'a bomb of merges',
      text: `a: &a {${lines(SOME, (n) => `k${n}: 1,`)}}\nb: ${'{<<: '.repeat(50)}*a${'}'.repeat(50)}`,
      code: 'alias-bomb',
    },
    {
      name: 'a bomb of anchors',
      text: `- ${lines(200, (n) => `&a${n} [`)}${'1,'.repeat(SOME)}${']'.repeat(200)}\n- *a1\n`,
      code: 'alias-bomb',
    },
    { name: 'anchors without end', text: '&a '.repeat(SOME), code: 'invalid-yaml' },
    { name: 'tags without end', text: '!a '.repeat(SOME), code: 'invalid-yaml' },
    { name: 'a quote without end', text: `a: "${'x\n '.repeat(SOME)}`, code: 'invalid-yaml' },
    { name: 'keys without end', text: `${FULL}${'"a" '.repeat(SOME)}`, code: 'invalid-yaml' },
    {
      name: 'directives after comments',
      text: '# c\n'.repeat(SOME) + '%a\n'.repeat(SOME),
      code: 'invalid-yaml',
    },
    {
      name: 'a block scalar of explicit indentation',
      text: `a: |9\n${' '.repeat(SOME)}x\nb`,
      code: 'invalid-yaml',
    },
    { name: 'templates without end', text: `a: [\n${'{{ .x '.repeat(SOME)}`, code: 'unrendered-template' },
  ])('and refused: $name', { timeout: PATIENCE }, ({ text, code }) => {
    const result = readDocuments(text);

    expect(result.problems.map((problem) => problem.code)).toEqual([code]);
    expect(nodes(result)).toBe(0);
  });

  it('however many documents fail', { timeout: PATIENCE }, () => {
    const { problems } = readDocuments('---\na: [\n'.repeat(20_000));

    expect(problems.length).toBe(20_000);
  });

  it('and never gives more nodes than the text has characters and aliases may add', () => {
    const text = `a: &a [${'1,'.repeat(1000)}]\nb: [${'*a,'.repeat(990)}]\n`;
    const count = nodes(readDocuments(text));

    expect(count).toBeGreaterThan(900_000);
    expect(count).toBeLessThan(text.length + MAX_EXPANDED_NODES);
  });
});
