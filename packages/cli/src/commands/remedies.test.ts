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

const pod = (namespace: string, name: string, spec: string, context: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec:\n${spec}  containers: [{name: app, image: example.com/app:1, securityContext: {${context}}}]\n`;
const HARDENED =
  'allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}';

describe('bulwark exceptions audit', () => {
  const folder = tree({
    'a.yaml': pod('shop', 'd', '  hostPID: true\n  hostIPC: true\n', HARDENED),
    'bulwark.yaml': `exceptions:
  accepted:
    - {control: host-pid, namespace: shop, reason: Old., until: 2026-01-01}
    - {control: host-ipc, name: d, reason: Fine., owner: team}
    - {control: host-network, name: d, reason: Useless.}
    - {control: host-pid, reason: Wide.}
    - {namespace: shop, reason: Wide too.}
`,
  });

  it('lists what has run out, matches nothing or is too wide, and what each hides', async () => {
    const { out, code } = await bulwark(['exceptions', 'audit', folder.root], folder.root);

    expect(code).toBe(1);
    expect(out).toContain(
      'EXPIRED  bulwark.yaml:3  Old. (no owner, until 2026-01-01)\n  covered 1 finding:\n',
    );
    expect(out).toContain('IN FORCE  bulwark.yaml:4  Fine. (owner team, no end)\n  hides 1 finding:\n');
    expect(out).toContain(`high host-ipc in Pod/d at ${folder.path('a.yaml')}:6`);
    expect(out).toContain('MATCHES NOTHING  bulwark.yaml:5  Useless.');
    expect(out).toContain('TOO WIDE  bulwark.yaml:6  Wide.');
    expect(out).toContain('TOO WIDE  bulwark.yaml:7  Wide too.');
    expect(out).toContain('5 exceptions, 4 to clean up.');
  });

  it('says the same to programs', async () => {
    const { out } = await bulwark(['exceptions', 'audit', folder.root, '-f', 'json'], folder.root);

    expect(JSON.parse(out)).toMatchObject({
      schema: 'bulwark.exceptions/v1',
      exceptions: [
        { source: 'bulwark.yaml:3', faults: ['expired'], findings: [{ control: 'host-pid' }] },
        { source: 'bulwark.yaml:4', faults: [] },
        { source: 'bulwark.yaml:5', faults: ['matches nothing'], findings: [] },
        { source: 'bulwark.yaml:6', faults: ['too wide'] },
        { source: 'bulwark.yaml:7', faults: ['too wide'] },
      ],
    });
  });

  it('is content with exceptions that are right', async () => {
    const right = tree({
      'a.yaml': pod('shop', 'd', '  hostPID: true\n', HARDENED),
      'bulwark.yaml': 'exceptions: {accepted: [{control: host-pid, namespace: shop, reason: x}]}',
    });

    expect((await bulwark(['exceptions', 'audit', right.root], right.root)).code).toBe(0);
  });
});
