import { spawnSync } from 'node:child_process';
import { chmodSync, linkSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { kubeconfigFolder } from './kubeconfig.testing.ts';
import { rewriteFile } from './rewrite-file.ts';

const { path, write } = kubeconfigFolder();
const isRoot = process.getuid?.() === 0;

describe('a file that is written anew', () => {
  it('keeps its mode and its owner, and nothing is left beside it', () => {
    const file = write('config', 'old, and longer');
    chmodSync(file, 0o640);
    const before = statSync(file);

    rewriteFile(file, 'new');

    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file)).toMatchObject({ mode: before.mode, uid: before.uid, gid: before.gid });
    expect(readdirSync(path())).toEqual(['config']);
  });

  it('is the one that a link leads to, and the link stays', () => {
    const file = write('real', 'old');
    symlinkSync('real', path('config'));

    rewriteFile(path('config'), 'new');

    expect(lstatSync(path('config')).isSymbolicLink()).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('new');
  });

  it('is the same under its other names', () => {
    const file = write('config', 'old, and longer');
    linkSync(file, path('other'));

    rewriteFile(file, 'new');

    expect(readFileSync(path('other'), 'utf8')).toBe('new');
  });

  it('stays as it is where the disk has no room for more, also under its other names', () => {
    const file = write('config', 'o'.repeat(1000));
    linkSync(file, path('other'));
    const source = readFileSync(new URL('rewrite-file.ts', import.meta.url), 'utf8');
    const program = `${transformSync(source, { loader: 'ts' }).code}
      try { rewriteFile(process.argv[1], 'n'.repeat(3000)); } catch (error) { console.log(error.code); }`;

    // A file that may have 2 KiB is refused as on a full disk, with another code.
    const limited = `trap '' XFSZ; ulimit -f 2; exec "$0" "$@"`;
    const node = [process.execPath, '--input-type=module', '-e', program, file];
    const ran = spawnSync('bash', ['-c', limited, ...node], { encoding: 'utf8' });

    expect(ran.stdout).toBe('EFBIG\n');
    expect(readFileSync(path('other'), 'utf8')).toBe('o'.repeat(1000));
  });

  it.skipIf(isRoot)('stays as it is where it may only be read', () => {
    const file = write('config', 'old');
    chmodSync(file, 0o400);

    expect(() => rewriteFile(file, 'new')).toThrow(/EACCES/);
    expect(readFileSync(file, 'utf8')).toBe('old');
  });

  it.skipIf(isRoot)('is written in place where nothing may be made beside it', () => {
    const file = write('config', 'old, and longer');
    chmodSync(path(), 0o500);

    try {
      rewriteFile(file, 'new');
      expect(readFileSync(file, 'utf8')).toBe('new');
    } finally {
      chmodSync(path(), 0o700);
    }
  });
});
