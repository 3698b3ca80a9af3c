import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bulwark } from '../run.testing.ts';
import { CONTROLS, DEPLOYMENT, fix, pod, tree } from './fix.testing.ts';

describe('bulwark fix and its files: it', () => {
  it('leaves a file alone that is not written in UTF-8, and says so', async () => {
    const folder = tree({ 'utf16.yaml': Buffer.from(`\uFEFF${DEPLOYMENT}`, 'utf16le') });

    const { out, err } = await fix(folder, '--control', CONTROLS, '--may-break');

    expect(out).toBe('');
    expect(err).toContain('3 fixes not offered');
    expect(err).toContain('the file is not UTF-8');
  });

  it('keeps the byte order mark of a file', async () => {
    const folder = tree({ 'web.yaml': `\uFEFF${DEPLOYMENT}` });

    await fix(folder, '--control', 'host-pid', '--may-break', '--write');

    expect(readFileSync(folder.path('web.yaml'), 'utf8')).toBe(
      `\uFEFF${DEPLOYMENT}`.replace('      hostPID: true   # since 2019\n', ''),
    );
  });

  it('lets no name of an object write into the diff', async () => {
    const name = 'a\\n--- /dev/null\\n+++ b/Makefile\\n@@ -0,0 +1,1 @@\\n+pwned\\n';
    const { root } = tree({
      'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: { name: "${name}" }\nspec: { hostPID: true, containers: [{ name: app, image: "x:1" }] }\n`,
    });

    const { out } = await bulwark(['fix', root, '--may-break', '--control', 'host-pid'], root);

    expect(out).toContain('+++ b/pod.yaml');
    expect(out.split('\n').filter((line) => line.startsWith('+++'))).toEqual(['+++ b/pod.yaml']);
  });

  it('names files so that git finds them and none can add to the diff', async () => {
    const names = [
      'q"uo\te.yaml',
      'sp ace.yaml',
      'é😀.yaml',
      'back\\slash.yaml',
      'a\n+++ b\nx.yaml',
      '..dots.yaml',
    ];
    const files = Object.fromEntries(names.map((name, index) => [name, pod(`p${index}`, 'hostPID: true')]));
    const [folder, patched] = [tree(files), tree(files)];

    const { out } = await fix(folder, '--control', 'host-pid', '--may-break');
    const applied = spawnSync('git', ['apply', '-'], { cwd: patched.root, input: out, encoding: 'utf8' });

    expect(applied.stderr).toBe('');
    for (const name of names)
      expect(readFileSync(patched.path(name), 'utf8')).toBe(files[name]?.replace('  hostPID: true\n', ''));
  });

  it('writes all files or, where one may not be written, none', async () => {
    const folder = tree({ 'a.yaml': pod('a', 'hostPID: true'), 'b.yaml': pod('b', 'hostPID: true') });
    chmodSync(folder.path('b.yaml'), 0o444);

    const { code, err } = await fix(folder, '--control', 'host-pid', '--may-break', '--write');

    expect([code, err]).toEqual([2, `error: --write: ${folder.path('b.yaml')} is read-only\n`]);
    expect(readFileSync(folder.path('a.yaml'), 'utf8')).toContain('hostPID');
  });

  it('names a file that links lead to, once', async () => {
    const folder = tree({ 'v1/pod.yaml': pod('a', 'hostPID: true') });
    symlinkSync('v1', folder.path('current'));
    symlinkSync('v1/pod.yaml', folder.path('a.yaml'));

    const { out } = await bulwark(
      [
        'fix',
        folder.path('a.yaml'),
        folder.root,
        folder.path('current'),
        '--control',
        'host-pid',
        '--may-break',
      ],
      folder.root,
    );

    expect(out.match(/^--- .*$/gm)).toEqual(['--- a/v1/pod.yaml']);
  });

  it('leaves what an overlay renders alone, and says so', async () => {
    const folder = tree({
      'bin/kustomize': `#!/bin/sh\nwhile IFS= read -r line; do printf '%s\\n' "$line"; done <<'END'\n${pod('a', 'hostPID: true')}END\n`,
      'base/kustomization.yaml': 'resources: [pod.yaml]\n',
      'base/pod.yaml': pod('a', 'hostPID: true'),
    });
    chmodSync(folder.path('bin/kustomize'), 0o755);
    const flags = ['fix', folder.path('base'), '--control', 'host-pid', '--may-break'];
    const env = { PATH: folder.path('bin') };

    const rendered = await bulwark(flags, folder.root, { env });
    const plain = await bulwark([...flags, '--no-render'], folder.root, { env });

    expect(rendered.out).toBe('');
    expect(rendered.err).toContain(
      '1 finding with a fix is in what a chart or an overlay renders; its templates and patches are not edited.',
    );
    expect(plain.out).toContain('+++ b/base/pod.yaml');
  });

  it('says that standard input has no file to mend, and what could not be judged', async () => {
    const folder = tree({ 'bad.yaml': 'a: [\n' });
    const readStdin = () => Promise.resolve(new TextEncoder().encode(pod('a', 'hostPID: true')));

    const { err } = await bulwark(
      ['fix', '-', folder.root, '--control', 'host-pid', '--may-break'],
      folder.root,
      { readStdin },
    );

    expect(err).toContain('host-pid: it was not read from a file');
    expect(err).toContain('1 part of the input could not be judged; bulwark scan lists it.');
  });
});
