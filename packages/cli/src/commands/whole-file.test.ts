import { chmodSync, chownSync, linkSync, lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { writeWhole } from './whole-file.ts';

const trees: FileTree[] = [];

function tree(files: Readonly<Record<string, string>>): FileTree {
  const made = writeTree(files);
  trees.push(made);
  return made;
}

afterAll(() => {
  for (const made of trees) made.remove();
});

const PERMISSIONS = 0o777;

function permissions(file: string): number {
  return statSync(file).mode & PERMISSIONS;
}

describe.skipIf(process.platform === 'win32')('a file that is written anew', () => {
  it.each([0o600, 0o640, 0o755, 0o200])('keeps its permissions, such as %o', (mode) => {
    const { path } = tree({ 'a.yaml': 'old' });
    chmodSync(path('a.yaml'), mode);

    writeWhole(path('a.yaml'), ['new ', 'text'], '--write');

    expect(permissions(path('a.yaml'))).toBe(mode);
    chmodSync(path('a.yaml'), 0o600);
    expect(readFileSync(path('a.yaml'), 'utf8')).toBe('new text');
  });

  it('keeps its other names', () => {
    const { path } = tree({ 'a.yaml': 'an old and longer text' });
    linkSync(path('a.yaml'), path('b.yaml'));

    writeWhole(path('a.yaml'), ['new'], '--write');

    expect(readFileSync(path('b.yaml'), 'utf8')).toBe('new');
    expect(statSync(path('a.yaml')).nlink).toBe(2);
  });

  it('keeps the links that lead to it', () => {
    const { path } = tree({ 'real.yaml': 'old' });
    symlinkSync('real.yaml', path('link.yaml'));

    writeWhole(path('link.yaml'), ['new'], '--write');

    expect(lstatSync(path('link.yaml')).isSymbolicLink()).toBe(true);
    expect(readFileSync(path('real.yaml'), 'utf8')).toBe('new');
  });

  it.skipIf(process.getuid?.() !== 0)('keeps its owner', () => {
    const { path } = tree({ 'a.yaml': 'old' });
    chownSync(path('a.yaml'), 1234, 4321);

    writeWhole(path('a.yaml'), ['new'], '--write');

    expect(statSync(path('a.yaml'))).toMatchObject({ uid: 1234, gid: 4321 });
  });

  it('is left alone where it is marked read-only, even for root', () => {
    const { path } = tree({ 'a.yaml': 'old' });
    chmodSync(path('a.yaml'), 0o444);

    expect(() => writeWhole(path('a.yaml'), ['new'], '--write')).toThrow(
      `--write: ${path('a.yaml')} is read-only`,
    );
    expect(readFileSync(path('a.yaml'), 'utf8')).toBe('old');
  });

  it('is not written through a link that lies where its new text is gathered', () => {
    const { path } = tree({ 'a.yaml': 'old', 'other.txt': 'precious' });
    symlinkSync('other.txt', path(`a.yaml.${process.pid}.part`));

    writeWhole(path('a.yaml'), ['new'], '--write');

    expect(readFileSync(path('other.txt'), 'utf8')).toBe('precious');
    expect(readFileSync(path('a.yaml'), 'utf8')).toBe('new');
    expect(lstatSync(path('a.yaml')).isSymbolicLink()).toBe(false);
  });
});
