import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitDocuments } from './split.ts';

function pieces(text: string): string[] {
  return splitDocuments(text).map(({ start, end }) => text.slice(start, end));
}

describe('splitting a file into documents', () => {
  it.each([
    { name: 'one document without a marker', text: 'a: 1\n', documents: ['a: 1\n'] },
    { name: 'no final line feed', text: 'a: 1\n---\nb: 2', documents: ['a: 1\n', '---\nb: 2'] },
    { name: 'a marker first', text: '---\na: 1\n', documents: ['---\na: 1\n'] },
    {
      name: 'a marker with a comment',
      text: 'a: 1\n--- # c\nb: 2\n',
      documents: ['a: 1\n', '--- # c\nb: 2\n'],
    },
    { name: 'a marker with spaces', text: 'a: 1\n---  \nb: 2\n', documents: ['a: 1\n', '---  \nb: 2\n'] },
    { name: 'a marker with a tab', text: 'a: 1\n---\t\nb: 2\n', documents: ['a: 1\n', '---\t\nb: 2\n'] },
    { name: 'content on the marker', text: 'a: 1\n--- {b: 2}\n', documents: ['a: 1\n', '--- {b: 2}\n'] },
    {
      name: 'a block scalar on the marker',
      text: '--- |\n a\n---\nb\n',
      documents: ['--- |\n a\n', '---\nb\n'],
    },
    { name: 'an end marker', text: 'a: 1\n...\nb: 2\n', documents: ['a: 1\n', '\nb: 2\n'] },
    {
      name: 'an end marker before a marker',
      text: 'a: 1\n...\n---\nb: 2\n',
      documents: ['a: 1\n', '---\nb: 2\n'],
    },
    { name: 'text on an end marker', text: 'a: 1\n... b\n', documents: ['a: 1\n', ' b\n'] },
    { name: 'an end marker at the end', text: 'a: 1\n...', documents: ['a: 1\n'] },
    { name: 'a marker at the end', text: 'a: 1\n---', documents: ['a: 1\n'] },
    { name: 'CRLF', text: 'a: 1\r\n---\r\nb: 2\r\n', documents: ['a: 1\r\n', '---\r\nb: 2\r\n'] },
    { name: 'lone carriage returns', text: 'a: 1\r---\rb: 2\r', documents: ['a: 1\r', '---\rb: 2\r'] },
    { name: 'a byte order mark', text: '\ufeffa: 1\n---\nb: 2\n', documents: ['a: 1\n', '---\nb: 2\n'] },
    { name: 'a mark before a marker', text: '\ufeff---\na: 1\n', documents: ['---\na: 1\n'] },
    {
      name: 'files with marks put together',
      text: '\ufeff---\na: 1\n\ufeff---\nb: 2\n',
      documents: ['---\na: 1\n', '\ufeff---\nb: 2\n'],
    },
    {
      name: 'directives before a marker',
      text: '%YAML 1.1\n---\na: 1\n',
      documents: ['%YAML 1.1\n---\na: 1\n'],
    },
    {
      name: 'directives after a comment, and again',
      text: '# c\n%YAML 1.1\n---\na: 1\n...\n%TAG ! x\n# c\n---\nb: 2\n---\nc: 3\n',
      documents: ['# c\n%YAML 1.1\n---\na: 1\n', '\n%TAG ! x\n# c\n---\nb: 2\n', '---\nc: 3\n'],
    },
    {
      name: 'a percent sign inside a document',
      text: 'a: |\n x\n%b\n---\nc: 1\n',
      documents: ['a: |\n x\n%b\n', '---\nc: 1\n'],
    },
    {
      name: 'a marker ends a block scalar',
      text: 'a: |\n x\n---\nb: 1\n',
      documents: ['a: |\n x\n', '---\nb: 1\n'],
    },
    { name: 'a marker ends a quoted scalar', text: 'a: "x\n---\ny"\n', documents: ['a: "x\n', '---\ny"\n'] },
    { name: 'an indented marker is text', text: 'a: |\n  ---\n  x\n', documents: ['a: |\n  ---\n  x\n'] },
    { name: 'four dashes are text', text: '----\na\n', documents: ['----\na\n'] },
    { name: 'a marker without a space is text', text: '---a\n...b\n', documents: ['---a\n...b\n'] },
    { name: 'nothing', text: '', documents: [] },
    { name: 'only a mark', text: '\ufeff', documents: [] },
    { name: 'only comments', text: '# a\n  # b\n\n\t# c', documents: [] },
    { name: 'only markers', text: '---\n---\n...\n--- # c\n---', documents: [] },
    { name: 'a comment that libyaml ends early', text: '# a\u2028b: 1\n', documents: ['# a\u2028b: 1\n'] },
  ])('finds $name', ({ text, documents }) => {
    expect(pieces(text)).toEqual(documents);
  });

  it('leaves out nothing but markers, white space and comments', () => {
    const line = fc.constantFrom(
      '---',
      '--- # c',
      '...',
      'a: 1',
      '# c',
      '',
      '%YAML 1.1',
      '  ---',
      '--- a',
      '-',
    );
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n', '\r'), (lines, end) => {
        const text = lines.join(end);
        const kept = splitDocuments(text);
        let at = 0;
        for (const slice of [...kept, { start: text.length, end: text.length }]) {
          expect(slice.start).toBeGreaterThanOrEqual(at);
          expect(text.slice(at, slice.start)).toMatch(/^(?:\s|---(?=\s|$)|\.\.\.(?=\s|$)|# c)*$/);
          at = slice.end;
        }
      }),
    );
  });
});
