import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bulwark } from '../run.testing.ts';
import { CONTROLS, DEPLOYMENT, fix, pod, tree } from './fix.testing.ts';

describe('bulwark fix', () => {
  it('prints a diff of what may break only when asked to, and writes nothing', async () => {
    const folder = tree({ 'web.yaml': DEPLOYMENT });

    const safe = await fix(folder, '--control', CONTROLS);
    const all = await fix(folder, '--control', CONTROLS, '--may-break');

    expect(safe.out).toBe('');
    expect(safe.err).toContain('3 fixes may break something; --may-break includes them.');
    expect(all.out).toContain('--- a/web.yaml\n+++ b/web.yaml\n');
    expect(all.out).toContain('-      hostPID: true   # since 2019\n');
    expect(all.out).toMatch(/^# host-pid \(may break: .+\) Deployment\/web spec\.template\.spec\.hostPID$/m);
    expect(all.err).toContain('4 fixes proven in 1 file');
    expect(readFileSync(folder.path('web.yaml'), 'utf8')).toBe(DEPLOYMENT);
  });

  it('gives a diff that git applies, and that gives what --write writes', async () => {
    const folder = tree({ 'web.yaml': DEPLOYMENT, 'crlf.yaml': DEPLOYMENT.replaceAll('\n', '\r\n') });
    const patched = tree({ 'web.yaml': DEPLOYMENT, 'crlf.yaml': DEPLOYMENT.replaceAll('\n', '\r\n') });

    const { out } = await fix(folder, '--control', CONTROLS, '--may-break');
    const applied = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], {
      cwd: patched.root,
      input: out,
      encoding: 'utf8',
    });
    await fix(folder, '--control', CONTROLS, '--may-break', '--write');

    expect(applied.stderr).toBe('');
    for (const file of ['web.yaml', 'crlf.yaml'])
      expect(readFileSync(patched.path(file), 'utf8')).toBe(readFileSync(folder.path(file), 'utf8'));
  });

  it('changes nothing but what it mends, after which nothing of it is found', async () => {
    const folder = tree({ 'web.yaml': DEPLOYMENT });

    await fix(folder, '--control', CONTROLS, '--may-break', '--write');
    const scan = await bulwark(['scan', folder.root, '--control', CONTROLS, '-f', 'json'], folder.root);
    const again = await fix(folder, '--control', CONTROLS, '--may-break');

    expect(JSON.parse(scan.out)).toMatchObject({ findings: [] });
    expect(again.out).toBe('');
    const lines = readFileSync(folder.path('web.yaml'), 'utf8').split('\n');
    const gone = DEPLOYMENT.split('\n').filter((line) => !lines.includes(line));
    expect(gone).toEqual([
      '      hostPID: true   # since 2019',
      '          privileged: true',
      "      - {name: log, image: 'example.com/log:2'}",
    ]);
  });

  it('leaves alone what an exception accepts', async () => {
    const accepted = DEPLOYMENT.replace(
      '  namespace: shop\nspec:\n  selector',
      '  namespace: shop\n  annotations: {bulwark.dev/except.host-pid: It watches}\nspec:\n  selector',
    );

    const { out } = await fix(tree({ 'web.yaml': accepted }), '--control', CONTROLS, '--may-break');

    expect(out).not.toContain('host-pid');
    expect(out).toContain('privileged');
  });

  it('edits what shares an anchor with it only where that is to be mended too', async () => {
    const shared = pod('a', 'hostPID: &on true\n  hostIPC: *on');
    const folder = tree({ 'shared.yaml': shared });

    const one = await fix(folder, '--control', 'host-pid', '--may-break');
    await fix(folder, '--control', 'host-pid,host-ipc', '--may-break', '--write');

    expect(one.out).toBe('');
    expect(one.err).toContain(
      '1 fix not offered:\n  host-pid: in this text its edit alone would break or change something else',
    );
    expect(readFileSync(folder.path('shared.yaml'), 'utf8')).toBe(
      shared.replace('  hostPID: &on true\n  hostIPC: *on\n', ''),
    );
  });
});
