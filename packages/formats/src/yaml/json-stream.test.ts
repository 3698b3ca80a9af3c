import { describe, expect, it } from 'vitest';
import { splitObjects } from './json-stream.ts';

function pieces(text: string): string[] | undefined {
  return splitObjects(text, { start: 0, end: text.length })?.map(({ start, end }) => text.slice(start, end));
}

describe('splitting JSON objects that follow one another', () => {
  it.each([
    { name: 'at once', text: '{}{}', objects: ['{}', '{}'] },
    { name: 'with white space', text: ' {"a":{}}\r\n\t{} ', objects: ['{"a":{}}', '{}'] },
    { name: 'with braces in text', text: '{"}":"{"}{}', objects: ['{"}":"{"}', '{}'] },
    { name: 'with escaped quotes', text: '{"\\"}":1}{}', objects: ['{"\\"}":1}', '{}'] },
    { name: 'behind a marker', text: '---\n{}\n{}', objects: ['{}', '{}'] },
    { name: 'the last without end', text: '{}{"a":', objects: ['{}', '{"a":'] },
    { name: 'and what is none', text: '{}{} [1]{}', objects: ['{}', '{}', '[1]{}'] },
    { name: 'and a comment, which counts for nothing', text: '{}{} # a', objects: ['{}', '{}'] },
  ])('$name', ({ text, objects }) => {
    expect(pieces(text)).toEqual(objects);
  });

  it.each(['{}', '{"a":1} ', '[]{}', 'a{}{}', '', '{"a":'])('finds nothing to split in %j', (text) => {
    expect(pieces(text)).toBeUndefined();
  });
});
