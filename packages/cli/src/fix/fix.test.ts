import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { bulwark } from '../run.testing.ts';

const trees: FileTree[] = [];

function tree(files: Readonly<Record<string, string>>): FileTree {
  const made = writeTree(files);
  trees.push(made);
  return made;
}

afterAll(() => {
  for (const made of trees) made.remove();
});

const DEPLOYMENT = `# The shop's front end.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web     # do not rename
  namespace: shop
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      hostPID: true   # since 2019
      containers:
      - name: app
        image: "example.com/app:1"
        securityContext:
          privileged: true

      # a side task
      - {name: log, image: 'example.com/log:2'}
---
# Untouched.
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {a:   b}
`;

const CONTROLS = 'host-pid,privileged-container,allow-privilege-escalation';

function fix(folder: FileTree, ...args: string[]) {
  return bulwark(['fix', folder.root, ...args], folder.root);
}

describe('bulwark fix', () => {
  it('prints a diff of what may break only when asked to, and writes nothing', async () => {
    const folder = tree({ 'web.yaml': DEPLOYMENT });

    const safe = await fix(folder, '--control', CONTROLS);
    const all = await fix(folder, '--control', CONTROLS, '--may-break');

    expect(safe.out).toBe('');
    expect(safe.err).toContain('3 fixes may break something; --may-break includes them.');
    expect(all.out).toContain('--- a/web.yaml\n+++ b/web.yaml\n');
    expect(all.out).toContain('-      hostPID: true   # since 2019\n');
    expect(all.out).toMatch(/^# host-pid \(may break: .+\) Deployment\/web:12$/m);
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

  it('does not offer an edit that would change what shares an anchor with it', async () => {
    const folder = tree({
      'shared.yaml': `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - name: one
    image: x
    securityContext: &shared {privileged: true, allowPrivilegeEscalation: true}
  - name: two
    image: x
    securityContext: *shared
`,
    });

    const { out, err } = await fix(folder, '--control', 'privileged-container', '--may-break');

    // Either both change together, which both findings want, or nothing does.
    const after =
      out === ''
        ? ''
        : out
            .split('\n')
            .filter((line) => line.startsWith('+ '))
            .join('\n');
    expect([out === '' || after.includes('&shared'), err]).toEqual([true, expect.stringContaining('fix')]);
  });

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

  it('does not touch what is rendered, or not written in UTF-8', async () => {
    const folder = tree({});
    const { writeFileSync } = await import('node:fs');
    writeFileSync(folder.path('utf16.yaml'), Buffer.from(`\uFEFF${DEPLOYMENT}`, 'utf16le'));

    const { out, err } = await fix(folder, '--control', CONTROLS, '--may-break');

    expect(out).toBe('');
    expect(err).toContain('3 fixes not offered');
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
});
