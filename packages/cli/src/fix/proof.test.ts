import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bulwark } from '../run.testing.ts';
import { DEPLOYMENT, fix, pod, tree } from './fix.testing.ts';

describe('bulwark fix proves its edits: it', () => {
  it('does not offer an edit after which something else is wrong', async () => {
    const folder = tree({
      'bulwark.yaml': `custom:
  - id: always-privileged
    control: required-value
    title: Everything says whether it is privileged
    params: {path: hostPID, values: [true], start: pod}
`,
      'pod.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: true\n  containers: [{name: a, image: x}]\n',
    });

    const { out, err } = await fix(folder, '--control', 'host-pid,always-privileged', '--may-break');

    expect(out).toBe('');
    expect(err).toContain('1 fix not offered');
  });

  it('does not mend one thing by making another that the profile forbids', async () => {
    const { root } = tree({
      'role.yaml':
        'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: r, namespace: shop }\nrules: [{ apiGroups: [""], resources: [pods/exec], verbs: [create] }]\n',
    });

    const flags = ['fix', root, '--may-break', '--control', 'rbac-pod-exec', '--write'];
    await bulwark([...flags, '--profile', 'strict'], root);
    const after = await bulwark(['scan', root, '--profile', 'strict', '-f', 'json'], root);

    const found = (JSON.parse(after.out) as { findings: { control: string }[] }).findings.map(
      ({ control }) => control,
    );
    expect(found).not.toContain('rbac-create-pods');
  });

  it('judges by the configured profile, whatever is to be mended', async () => {
    const folder = tree({ 'bulwark.yaml': 'profile: strict\n', 'pod.yaml': pod('a', 'hostNetwork: true') });

    const { out, err } = await fix(folder, '--control', 'host-network', '--may-break');

    expect(out).toBe('');
    expect(err).toContain('1 fix not offered:\n  host-network: it would bring ');
    expect(err).toContain('pod-without-network-policy');
  });

  it('finds what brings something new among what does not', async () => {
    const names = [...'abcdefgh'];
    const folder = tree(
      Object.fromEntries(
        names.map((name, index) => [
          `${name}.yaml`,
          pod(
            name,
            index % 3 === 0 ? 'hostNetwork: true' : 'hostPID: true\n  automountServiceAccountToken: true',
          ),
        ]),
      ),
    );

    const flags = ['--profile', 'strict', '--may-break', '--control'];
    const { out, err } = await fix(folder, ...flags, 'host-network,automount-service-account-token');

    expect(err).toContain('8 fixes proven in 8 files');
    expect(err).toContain('3 fixes not offered:\n  3 host-network: it would bring');
    expect(out.match(/^-.*automount.*$/gm)).toHaveLength(5);
  });

  it('names the controls whose findings get another fingerprint, and mends all the same', async () => {
    const folder = tree({
      'role.yaml': `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: debugger}
rules:
- {apiGroups: [""], resources: [pods, pods/exec], verbs: [create]}
`,
    });

    const { out, err } = await fix(
      folder,
      ...['--profile', 'strict', '--may-break', '--control', 'rbac-pod-exec'],
    );

    expect(out).toContain('+- {apiGroups: [""], resources: [pods], verbs: [create]}\n');
    expect(err).toContain('1 fix proven');
    expect(err).toContain('a baseline has to be written again (rbac-create-pods)');
  });

  it('mends only what the flags choose', async () => {
    const folder = tree({
      'a.yaml': pod('a', 'hostPID: true\n  hostIPC: true', 'blue'),
      'b.yaml': pod('b', 'hostPID: true\n  hostIPC: true', 'green'),
    });

    const { out } = await fix(folder, '--may-break', '-n', 'green', '--exclude', 'host-ipc');

    expect(out).toContain('+++ b/b.yaml');
    expect(out).not.toContain('+++ b/a.yaml');
    expect(out).toContain('-  hostPID: true');
    expect(out).not.toContain('-  hostIPC: true');
  });

  it('has nothing left to mend the second time', async () => {
    const folder = tree({
      'a.yaml': pod('a', 'hostPID: true\n  hostIPC: true'),
      'b.yaml': DEPLOYMENT,
      'c.json':
        '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"c"},"spec":{"containers":[{"name":"a"}]}}',
    });
    const flags = ['--may-break', '--write', '--profile', 'strict'];

    const first = await fix(folder, ...flags);
    const second = await fix(folder, ...flags);

    expect(first.err).toMatch(/^[1-9]\d* fixes written to 3 files/);
    expect(second.err).toMatch(/^0 fixes written to 0 files/);
  });

  it('tells copies of an object in one file apart', async () => {
    const excepted = pod('a', 'hostPID: true').replace(
      'namespace: shop}',
      'namespace: shop, annotations: {bulwark.dev/except.host-pid: It watches}}',
    );
    const folder = tree({ 'pods.yaml': `${excepted}---\n${pod('a', 'hostPID: true')}` });

    await fix(folder, '--control', 'host-pid', '--may-break', '--write');

    expect(readFileSync(folder.path('pods.yaml'), 'utf8')).toBe(
      `${excepted}---\n${pod('a', 'hostPID: true').replace('  hostPID: true\n', '')}`,
    );
  });

  it('mends what it can of a file in which most has no place', async () => {
    const documents = Array.from({ length: 30 }, (_, index) =>
      pod(`p${index}`, 'hostPID: &on true\n  shareProcessNamespace: *on\n  hostIPC: true'),
    );
    const folder = tree({ 'pods.yaml': documents.join('---\n') });

    await fix(folder, '--control', 'host-pid,host-ipc', '--may-break', '--write');

    expect(readFileSync(folder.path('pods.yaml'), 'utf8')).toBe(
      documents.join('---\n').replaceAll('  hostIPC: true\n', ''),
    );
  });

  it('says why a text has no place for an edit', async () => {
    const flow =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec: {\n  hostPID: true, # why\n  containers: [{name: a, image: x}]}\n';

    const { err } = await fix(tree({ 'pod.yaml': flow }), '--control', 'host-pid', '--may-break');

    expect(err).toContain('1 fix not offered:\n  host-pid: a comment would be lost\n');
  });
});
