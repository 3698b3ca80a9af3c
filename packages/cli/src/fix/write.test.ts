import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tree } from './fix.testing.ts';
import type { MendedFile } from './mended-file.ts';
import { writeFiles } from './write.ts';

const MENDED: MendedFile = {
  before: 'old\n',
  after: 'new\n',
  splices: [{ start: 0, end: 3, text: 'new' }],
  proposals: [],
  wanted: new Map(),
};

it('writes nothing where a file is not what was judged any more', () => {
  const { path } = tree({ 'a.yaml': 'old\n', 'b.yaml': 'old\n' });
  writeFileSync(path('b.yaml'), 'older\n');

  const write = (): void =>
    writeFiles([
      [path('a.yaml'), MENDED],
      [path('b.yaml'), MENDED],
    ]);

  expect(write).toThrow(`--write: ${path('b.yaml')} has changed since it was judged; nothing is written`);
  expect(readFileSync(path('a.yaml'), 'utf8')).toBe('old\n');
});
