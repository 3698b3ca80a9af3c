import { expect, it } from 'vitest';
import { csvLine } from './csv.ts';

it.each([
  { what: 'plain cells', cells: ['a', 1, true, null], line: 'a,1,true,' },
  {
    what: 'commas, quotes and line ends',
    cells: ['a,b', 'say "x"', 'a\r\nb'],
    line: '"a,b","say ""x""","a\r\nb"',
  },
  { what: 'formulas', cells: ['=1+1', '@a', '+1', '-1'], line: "'=1+1,'@a,'+1,'-1" },
  {
    what: 'what is split at semicolons or tabs',
    cells: ['a;b', 'a\tb', '10; -5', 'a;=1+1;@b', 'a\t-1', 'a\n+1', 'a;"=1"', '\t=1'],
    line: `"a;b","a\tb","10; -5","a;'=1+1;'@b","a\t'-1","a\n'+1","a;'""=1""","'\t'=1"`,
  },
  { what: 'numbers below zero, which are none', cells: [-1], line: '-1' },
])('writes $what', ({ cells, line }) => {
  expect(csvLine(cells)).toBe(`${line}\r\n`);
});
