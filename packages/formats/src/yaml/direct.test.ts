import { describe, expect, it } from 'vitest';
import { DirectReader } from './direct.ts';
import { OffsetBuffer } from './offsets.ts';
import { usualText } from './scanner.ts';

function direct(text: string): unknown {
  const usual = usualText(text);
  if (usual === undefined) return undefined;
  return new DirectReader(usual, text, new OffsetBuffer()).read(0, text.length)?.value;
}

describe('the direct reader', () => {
  it.each([
    { name: 'block collections', text: 'a:\n- b: 1\n  c:\n    - d\n', value: { a: [{ b: 1, c: ['d'] }] } },
    { name: 'numeric and boolean keys', text: '8080: a\non: b\n', value: { 8080: 'a', true: 'b' } },
    { name: 'folded plain scalars', text: 'a: b\n  c\n\n  d\n', value: { a: 'b c\nd' } },
    { name: 'a folded scalar that looks like a list', text: 'a: b\n  - c\n', value: { a: 'b - c' } },
    {
      name: 'a folded scalar before a comment',
      text: 'a: b\n  c # d\ne: f\n',
      value: { a: 'b c', e: 'f' },
    },
    { name: 'a folded scalar in a list', text: '- a\n b\n- c\n', value: ['a b', 'c'] },
    { name: 'a folded scalar with CRLF', text: 'a: b \r\n  c\r\n\r\n  d\r\n', value: { a: 'b c\nd' } },
    { name: 'a folded root', text: 'a\nb\n', value: 'a b' },
    {
      name: 'quoted scalars over lines',
      text: 'a: "b\nc"\nd: \'e\n\n  f\'\n',
      value: { a: 'b c', d: 'e\nf' },
    },
    { name: 'flow collections over lines', text: 'a: [\nb,\n]\n', value: { a: ['b'] } },
    {
      name: 'comments that nothing separates in flow collections',
      text: '[# c\n"a",# c\nb#c\n]',
      value: ['a', 'b#c'],
    },
    { name: 'a sequence at the column of its key', text: 'a:\n- b\nc: d\n', value: { a: ['b'], c: 'd' } },
  ])('takes $name', ({ text, value }) => {
    expect(direct(text)).toEqual(value);
  });

  it.each([
    { name: 'anchors', text: 'a: &b c\n' },
    { name: 'aliases', text: 'a: *b\n' },
    { name: 'tags', text: 'a: !!str 1\n' },
    { name: 'merges', text: '<<: {a: 1}\n' },
    { name: 'directives', text: '%YAML 1.1\n---\na: 1\n' },
    { name: 'explicit keys', text: '? a\n: b\n' },
    { name: 'keys of more than one line', text: '"a\n b": c\n' },
    { name: '__proto__', text: '__proto__: 1\n' },
    { name: 'pairs in a list', text: '[a: b]\n' },
    { name: 'content on a marker', text: '--- a\n' },
    { name: 'duplicate keys', text: 'a: 1\na: 2\n' },
    { name: 'tabs for indentation', text: 'a:\n\tb: 1\n' },
    { name: 'a comment inside a folded scalar', text: 'a: b # c\n  d\n' },
    { name: 'a comment line inside a folded scalar', text: 'a: b\n# c\n  d\n' },
    { name: 'a key inside a folded scalar', text: 'a: b\n  c: d\n' },
    { name: 'a key behind its value', text: 'a: b: c\n' },
    { name: 'a list behind its key', text: 'a: - b\n' },
    { name: 'an unclosed quote', text: 'a: "b\n' },
    { name: 'an infinity', text: 'a: .inf\n' },
    { name: 'lone carriage returns', text: 'a: 1\rb: 2\r' },
    { name: 'characters beyond the basic plane', text: 'a: \u{1f642}\n' },
    { name: 'deep nesting', text: '- '.repeat(251) },
  ])('leaves to the full parser: $name', ({ text }) => {
    expect(direct(text)).toBeUndefined();
  });
});
