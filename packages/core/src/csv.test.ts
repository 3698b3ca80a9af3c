import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvLine } from './csv.ts';

it.each([
  { what: 'plain cells', cells: ['a', 1, true, null], line: 'a,1,true,' },
  {
    what: 'commas, quotes and line ends',
    cells: ['a,b', 'say "x"', 'a\r\nb', 'a\nb'],
    line: '"a,b","say ""x""","a\r\nb","a\nb"',
  },
  { what: 'formulas', cells: ['=1+1', '@a', '+1', '-1'], line: "'=1+1,'@a,'+1,'-1" },
  {
    what: 'what is split at semicolons or tabs',
    cells: ['a;b', 'a\tb', '10; -5', 'a;=1+1;@b', 'a\t-1', 'a\n+1', 'a;"=1"', '\t=1'],
    line: `"a;b","a\tb","10; -5","a;'=1+1;'@b","a\t'-1","a\n'+1","a;'""=1""","'\t'=1"`,
  },
  { what: 'numbers below zero, which are none', cells: [-1], line: '-1' },
  {
    what: 'what a terminal obeys, written out',
    cells: ['\u001b]0;owned\u0007', '\u009b2J', 'a\rb', 'a\u202eb', '\u007f', 'half\ud800'],
    line: String.raw`"\x1b]0;owned\x07",\x9b2J,a\rb,a\u202eb,\x7f,half\ud800`,
  },
  {
    what: 'what a build server obeys, as text',
    cells: ['::add-mask::x', 'a\n ::error::x', '##vso[x]', '::1', '## a'],
    line: String.raw`'::add-mask::x,"a
' ::error::x",#\x23vso[x],::1,## a`,
  },
  {
    what: 'what joins letters, as it is',
    cells: ['نمی\u200cدانم', '👩\u200d🚒'],
    line: 'نمی\u200cدانم,👩\u200d🚒',
  },
])('writes $what', ({ cells, line }) => {
  expect(csvLine(cells)).toBe(`${line}\r\n`);
});

it('writes nothing that a terminal obeys, whatever stands in a cell', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (cells) => {
      expect(csvLine(cells).replaceAll(/\r\n|[\t\n]/g, '')).not.toMatch(
        /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u,
      );
    }),
  );
});
