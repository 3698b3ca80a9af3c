import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { corpus } from '../bench/corpus.ts';
import { writeKubeconfig } from './hub/kubeconfig.testing.ts';

/** The built product in a folder of its own, without node_modules beside it. */
const product: FileTree = writeTree({});
cpSync('dist', product.path('dist'), { recursive: true });
const manifests = writeTree(Object.fromEntries(corpus(2500, 7).map(({ name, text }) => [name, text])));
afterAll(() => {
  product.remove();
  manifests.remove();
});

function bulwark(
  args: readonly string[],
  input?: string,
): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(product.root, 'dist', 'bulwark.js'), ...args],
    {
      cwd: product.root,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      ...(input !== undefined && { input }),
    },
  );
  return { status, stdout, stderr };
}

describe('the built product', () => {
  it('runs alone and says its version', () => {
    expect(bulwark(['version']).stdout).toMatch(/^bulwark \d+\.\d+\.\d+ /);
  });

  it.each([
    ['that does not answer', {}],
    ['whose proxy does not answer', { 'proxy-url': 'http://127.0.0.1:1' }],
  ])('says of a cluster %s that it does not', (_which, route) => {
    const kubeconfig = writeKubeconfig(product.path('kubeconfig'), {
      name: 'shop',
      cluster: { server: 'https://127.0.0.1:1', ...route },
    });
    const { status, stdout, stderr } = bulwark(['scan', '--cluster', '--kubeconfig', kubeconfig]);

    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('ECONNREFUSED');
  });

  it('gives the same report on one thread and on several', () => {
    const one = bulwark(['scan', manifests.root, '--profile', 'all', '--format', 'json', '--threads', '1']);
    const three = bulwark(['scan', manifests.root, '--profile', 'all', '--format', 'json', '--threads', '3']);

    expect(JSON.parse(one.stdout)).toMatchObject({ summary: { documents: 2500 } });
    expect(three.stdout === one.stdout).toBe(true);
    expect([one.status, one.stderr]).toEqual([1, '']);
  });

  it('reads a manifest from a pipe', () => {
    const input =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {hostPID: true, containers: [{name: a, image: b}]}\n';
    const { status, stdout } = bulwark(['scan', '-'], input);

    expect(status).toBe(1);
    expect(stdout).toContain('-:4');
  });

  it('reads what another program writes into a named pipe', () => {
    const command = `"${process.execPath}" dist/bulwark.js scan <(printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: piped}\nspec: {hostPID: true, containers: [{name: a}]}\n') --control host-pid`;
    const { status, stdout } = spawnSync('bash', ['-c', command], { cwd: product.root, encoding: 'utf8' });

    expect(status).toBe(1);
    expect(stdout).toContain("Pod/piped shares the host's process namespace");
  });

  it('does not fail when the reader of its output goes away', () => {
    const command = `"${process.execPath}" dist/bulwark.js scan "${manifests.root}" --format json --fail-on never | head -c 100 >/dev/null; echo "\${PIPESTATUS[0]}"`;

    expect(spawnSync('bash', ['-c', command], { cwd: product.root, encoding: 'utf8' }).stdout).toBe('0\n');
  });

  it.skipIf(!existsSync('/dev/full'))('says when its output cannot be written (needs /dev/full)', () => {
    for (const args of ['scan . --no-config', 'controls', '--help']) {
      const command = `"${process.execPath}" dist/bulwark.js ${args} >/dev/full`;
      const { status, stderr } = spawnSync('bash', ['-c', command], { cwd: product.root, encoding: 'utf8' });

      expect([status, stderr]).toEqual([2, 'error: standard output cannot be written (ENOSPC)\n']);
    }
    const both = `"${process.execPath}" dist/bulwark.js scan nowhere.yaml >/dev/full 2>/dev/full`;
    expect(spawnSync('bash', ['-c', both], { cwd: product.root }).status).toBe(2);
  });

  it('ends with a code of its own when it fails itself', () => {
    const broken = [
      '--import',
      'data:text/javascript,import fs from"node:fs";fs.existsSync=()=>{throw new Error("broken")};import("node:module").then((m)=>m.syncBuiltinESMExports())',
    ];
    const { status, stderr } = spawnSync(
      process.execPath,
      [...broken, join(product.root, 'dist', 'bulwark.js'), 'scan', '.'],
      { encoding: 'utf8' },
    );

    expect(status).toBe(70);
    expect(stderr).toContain('a fault of the program');
  });

  it('shows no progress where standard error is not a terminal', () => {
    expect(bulwark(['scan', manifests.root, '--fail-on', 'never']).stderr).toBe('');
  });
});
