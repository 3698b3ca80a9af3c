import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
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

it.skipIf(process.getuid?.() === 0)('writes nothing where a folder takes no files (skipped for root)', () => {
  const { path } = tree({ 'a.yaml': 'old\n', 'b/b.yaml': 'old\n' });
  chmodSync(path('b'), 0o555);

  const write = (): void =>
    writeFiles([
      [path('a.yaml'), MENDED],
      [path('b/b.yaml'), MENDED],
    ]);

  expect(write).toThrow(`--write: ${path('b/b.yaml')} cannot be written (EACCES)`);
  expect(readFileSync(path('a.yaml'), 'utf8')).toBe('old\n');
  chmodSync(path('b'), 0o755);
});
