import { lineStartsOf, positionOf } from '@bulwark/core';
import { describe, expect, it } from 'vitest';
import { readDocuments } from './read.ts';

interface Fault {
  readonly code: string;
  readonly at: string;
  readonly document: number;
}

function faults(text: string): Fault[] {
  const lines = { file: 'x.yaml', lineStarts: lineStartsOf(text) };
  return readDocuments(text).problems.map(({ code, offset, document }) => {
    const { line, column } = positionOf(lines, offset);
    return { code, at: `${line}:${column}`, document };
  });
}

function values(text: string): unknown[] {
  return readDocuments(text).documents.map(({ value }) => value);
}

function deep(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}

const BOMB = Array.from({ length: 9 }, (_, level) => {
  const below = level === 0 ? '"x"' : `*a${level - 1}`;
  return `a${level}: &a${level} [${Array(9).fill(below).join(', ')}]\n`;
}).join('');

describe('a document that cannot be read', () => {
  it.each([
    { name: 'bad indentation', text: 'a: 1\n  b: 2\n', code: 'invalid-yaml', at: '2:4' },
    { name: 'an unclosed bracket', text: 'a: [1,\n', code: 'invalid-yaml', at: '2:1' },
    { name: 'a duplicate key', text: 'a: 1\nb:\n  c: 1\n  c: 2\n', code: 'duplicate-key', at: '4:3' },
    { name: 'a key that is duplicate as text', text: '1: a\n"1": b\n', code: 'duplicate-key', at: '2:1' },
    {
      name: 'a merged key that is duplicate as text',
      text: '1: a\n<<: {"1": b}\n',
      code: 'duplicate-key',
      at: '2:1',
    },
    {
      name: 'a key that was merged as other text',
      text: '<<: {"1": b}\n1: a\n',
      code: 'duplicate-key',
      at: '2:1',
    },
    { name: 'a duplicate key in JSON', text: '{\n "a": 1,\n "a": 2\n}', code: 'duplicate-key', at: '3:2' },
    { name: 'a tab', text: 'a:\n\tb: 1\n', code: 'tab-indentation', at: '2:1' },
    { name: 'a template', text: 'a: {{ .Values.a }}\n', code: 'unrendered-template', at: '1:5' },
    {
      name: 'a template with control flow',
      text: 'a: 1\n{{- if .x }}\nb: 1\n',
      code: 'unrendered-template',
      at: '2:3',
    },
    { name: 'nesting', text: `a: ${deep(251)}`, code: 'too-deep', at: '1:253' },
    { name: 'an alias bomb', text: BOMB, code: 'alias-bomb', at: '7:11' },
    { name: 'an alias without anchor', text: 'a: *b\n', code: 'invalid-yaml', at: '1:5' },
    { name: 'an alias to what it is in', text: 'a: &b [*b]\n', code: 'invalid-yaml', at: '1:9' },
    { name: 'an infinity', text: 'a: .inf\n', code: 'invalid-yaml', at: '1:4' },
    { name: 'an infinity behind an alias', text: '&x .inf : *x\n', code: 'invalid-yaml', at: '1:12' },
    { name: 'a null key', text: 'a: 1\n? \n: x\n', code: 'invalid-yaml', at: '1:5' },
    { name: 'a list as key', text: '? [a]\n: x\n', code: 'invalid-yaml', at: '1:3' },
    { name: 'a merge of text', text: 'a: 1\n<<: x\n', code: 'invalid-yaml', at: '2:1' },
    {
      name: 'a merge of an alias to a list',
      text: 'a: &a [{b: 1}]\nc: {<<: *a}\n',
      code: 'invalid-yaml',
      at: '2:5',
    },
    { name: 'a value that does not fit its tag', text: 'a: !!int x\n', code: 'invalid-yaml', at: '1:10' },
    { name: 'a null byte', text: 'a: 1\nb: \0\n', code: 'invalid-yaml', at: '2:4' },
    { name: 'half a pair of surrogates', text: 'a: \ud800\n', code: 'invalid-yaml', at: '1:4' },
    { name: 'an escaped surrogate', text: 'a: "\\ud83d\\ude42"\n', code: 'invalid-yaml', at: '1:5' },
    { name: 'an escape beyond Unicode', text: 'a: "x\\U00110000"\n', code: 'invalid-yaml', at: '1:6' },
    {
      name: 'a line separator that hides a key',
      text: 'a: 1 # \u2028b: 2\n',
      code: 'invalid-yaml',
      at: '1:8',
    },
    { name: 'a comment that is none', text: '# a\u0085b: 2\n', code: 'invalid-yaml', at: '1:4' },
    { name: 'a colon that may belong to the text', text: '[a:, b]\n', code: 'invalid-yaml', at: '1:3' },
    { name: 'a flow key of two lines', text: '{/* c */\n"a": 1}\n', code: 'invalid-yaml', at: '1:2' },
    { name: 'a colon on the next line', text: '{a: 1, "b"\n: 2}\n', code: 'invalid-yaml', at: '1:8' },
    { name: 'a question mark that may be a key', text: '[?a]\n', code: 'invalid-yaml', at: '1:2' },
    { name: 'a comma that may belong to the tag', text: '{!a, b: 1}\n', code: 'invalid-yaml', at: '1:2' },
    { name: 'a colon that may belong to the anchor', text: 'a: &b:c d\n', code: 'invalid-yaml', at: '1:5' },
    { name: 'an indented marker', text: ' ---\na\u{1f642}\n', code: 'invalid-yaml', at: '1:1' },
    { name: 'two marks', text: '\ufeff\ufeff# a\nb: 1\n', code: 'invalid-yaml', at: '1:2' },
    { name: 'a whole document with its own indentation', text: '|2\n  a\n', code: 'invalid-yaml', at: '2:1' },
    {
      name: 'a doubled carriage return in text',
      text: 'a: |\n  b\r\r\n  c\n',
      code: 'invalid-yaml',
      at: '2:1',
    },
  ])('because of $name is told with its code and place', ({ text, code, at }) => {
    expect(faults(text)).toEqual([{ code, at, document: 0 }]);
  });

  // A password that is not quoted can be an alias, a tag, a key or a directive to YAML.
  it.each([
    'a: *SECRET\n',
    'a: &x {b: *SECRET}\n',
    'a: &SECRET [*SECRET]\n',
    'a: !SECRET!x y\n',
    'a: !SECRET^ y\n',
    'a: !<SECRET^> y\n',
    'a: !!int SECRET\n',
    'a: !!binary SECRET!\n',
    '%TAG !SECRET! tag:x,2000:\n%TAG !SECRET! tag:x,2000:\n---\na: 1\n',
    '%TAG SECRET tag:x,2000:\n---\na: 1\n',
    'a: {SECRET, SECRET}\n',
    'a: &SECRET:b c\n',
    'a: "SECRET\n',
    'a: b: SECRET\n',
    'a: @SECRET\n',
    'a: %SECRET\n',
    'a: >SECRET\n',
    'a: [SECRET\n',
    '? SECRET\n? SECRET\n',
  ])('tells nothing of what is written in %j', (text) => {
    const { problems } = readDocuments(text.replaceAll('SECRET', 'Sup3rS3cretZZ'));

    expect(problems).toHaveLength(1);
    expect(problems[0]?.reason).not.toMatch(/Sup3r/i);
  });

  it('keeps its own code though it holds the text of a template', () => {
    expect(faults('a: "{{ .x }}"\na: 2\n').map(({ code }) => code)).toEqual(['duplicate-key']);
  });

  it('costs only itself, and the others keep their numbers and places', () => {
    const text = 'a: 1\n---\nb: [\n---\n# c\n---\nd: {{ .x }}\n---\ne: 5\n...\nf: "\n---\ng: 7\n';
    const { documents } = readDocuments(text);

    expect(documents.map(({ index, value }) => [index, value])).toEqual([
      [0, { a: 1 }],
      [3, { e: 5 }],
      [5, { g: 7 }],
    ]);
    expect(documents.map(({ offsets }) => text.slice(offsets[4], offsets[6]))).toEqual([
      'a: 1',
      'e: 5',
      'g: 7',
    ]);
    expect(faults(text)).toEqual([
      { code: 'invalid-yaml', at: '4:1', document: 1 },
      { code: 'unrendered-template', at: '7:5', document: 2 },
      { code: 'invalid-yaml', at: '12:1', document: 4 },
    ]);
  });
});

describe('text as kubectl takes it', () => {
  it.each([
    { name: '250 levels', text: deep(250), documents: 1 },
    { name: 'nothing', text: '', documents: 0 },
    { name: 'only comments', text: '# a\n---\n# b\n', documents: 0 },
    { name: 'a null document that is written', text: '--- ~\n', documents: 1 },
  ])('$name', ({ text, documents }) => {
    expect(readDocuments(text)).toMatchObject({ documents: { length: documents }, problems: [] });
  });

  it.each([
    {
      name: 'flow collections at any indentation',
      text: 'a: [\nb,\n{\nc: 1\n}\n]\nd: {\n}\n',
      value: { a: ['b', { c: 1 }], d: {} },
    },
    { name: 'with tabs in flow collections', text: 'a: [\n\tb,\n\t"c"\n]\n', value: { a: ['b', 'c'] } },
    { name: 'quoted scalars at any indentation', text: 'a:\n  b: "c\nd"\n', value: { a: { b: 'c d' } } },
    {
      name: 'CRLF',
      text: 'a: |\r\n  b\r\n\r\n  c\r\nd: [\r\ne\r\n]\r\n',
      value: { a: 'b\n\nc\n', d: ['e'] },
    },
    { name: 'CRLF behind a mark', text: '\ufeffa: "b\r\n  c"\r\n', value: { a: 'b c' } },
    {
      name: 'explicit keys of two lines',
      text: '{? a\n  b\n : 1, ? &x "c"\n: 2, d\ne}\n',
      value: { 'a b': 1, c: 2, 'd e': null },
    },
    { name: 'an escaped CRLF', text: 'a: "b\\\r\n  c"\r\n', value: { a: 'bc' } },
    { name: 'blank lines after an escaped line break', text: 'a: "b\\\n\n  c"\n', value: { a: 'b\nc' } },
    { name: 'an escaped apostrophe', text: 'a: "it\\\'s"\n', value: { a: "it's" } },
    { name: 'a block scalar without end', text: 'a: |\n  b', value: { a: 'b\n' } },
    { name: 'a kept last line of spaces', text: 'a: |+\n  b\n  ', value: { a: 'b\n\n' } },
    {
      name: 'empty values',
      text: 'a:\nb: {c: , d: }\ne:\n- \n-\n',
      value: { a: null, b: { c: null, d: null }, e: [null, null] },
    },
  ])('$name', ({ text, value }) => {
    expect(readDocuments(text).problems).toEqual([]);
    expect(values(text)).toEqual([value]);
  });
});

describe('JSON', () => {
  it.each([
    { name: 'with tabs', text: '{\n\t"a": [\n\t\t1,\n\t\t{"b":\t2}\n\t]\n}\n', value: { a: [1, { b: 2 }] } },
    {
      name: 'without any space',
      text: '{"a":{"b":["c",-1.5e3,true,null]}}',
      value: { a: { b: ['c', -1500, true, null] } },
    },
    { name: 'with escapes', text: '{"a":"\\u00e9\\/\\ud83d\\ude42\\"\\\\"}', value: { a: 'é/\u{1f642}"\\' } },
    { name: 'with half a pair, as Go reads it', text: '{"a":"x\\ud83d"}', value: { a: 'x\ufffd' } },
    { name: 'with line separators in text', text: '{"a":"x \u2028 y"}', value: { a: 'x \u2028 y' } },
    { name: 'with exact integers', text: '{"a":9007199254740993}', value: { a: 9007199254740993n } },
  ])('is read $name', ({ text, value }) => {
    expect(values(text)).toEqual([value]);
  });

  it.each([
    { name: 'at once', text: '{"a":1}{"b":"}"}', values: [{ a: 1 }, { b: '}' }] },
    { name: 'by lines', text: '{"a":1}\n{"b":{"c":2}}\n', values: [{ a: 1 }, { b: { c: 2 } }] },
    {
      name: 'by blank lines and CRLF',
      text: '\ufeff{"a":"\\""}\r\n\r\n{"b":2}\r\n',
      values: [{ a: '"' }, { b: 2 }],
    },
    {
      name: 'as documents too',
      text: '{"a":1}\n---\n{"b":2}{"c":3}\n',
      values: [{ a: 1 }, { b: 2 }, { c: 3 }],
    },
    { name: 'with a comment right behind', text: '{"a":1}#c\n', values: [{ a: 1 }] },
  ])('is read object after object, $name', ({ text, values: expected }) => {
    expect(values(text)).toEqual(expected);
    expect(readDocuments(text)).toMatchObject({ problems: [] });
  });

  it('keeps the places of objects that follow one another', () => {
    const text = '{"a": 1}\n{"b": [2]}';
    const [, second] = readDocuments(text).documents;

    expect(second).toMatchObject({ index: 1, start: 9 });
    expect(text.slice(second?.offsets[8], second?.offsets[10])).toBe('2');
  });

  it.each([
    {
      name: 'a bad object among others',
      text: '{"a":1}{"b":2}{"c":1]}{"e":3}',
      good: [0, 1, 3],
      bad: [2],
    },
    { name: 'an object without end', text: '{"a":1}\n{"b":', good: [0], bad: [1] },
    { name: 'text after objects', text: '{"a":1}\n{"b":2} x: [', good: [0, 1], bad: [2] },
    { name: 'a first object that is none', text: '{{ a }}\n{"b":2}', good: [], bad: [0] },
  ])('loses only $name', ({ text, good, bad }) => {
    const { documents, problems } = readDocuments(text);

    expect(documents.map(({ index }) => index)).toEqual(good);
    expect(problems.map(({ document }) => document)).toEqual(bad);
  });
});
