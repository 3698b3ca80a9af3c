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

const CONFIGURATION = `controls:
  host-pid: off
  projected-token-lifetime: {enabled: true, severity: high, params: {maximumSeconds: 4000}}
custom:
  - id: no-pods
    control: forbidden-kind
    title: "Nobody makes pods\\e[31m"
    severity: critical
    params: {kinds: [Pod]}
    only: {namespace: [shop, "team-*"], labels: {tier: edge}}
`;

describe('a configuration', () => {
  const folder = tree({ 'bulwark.yaml': CONFIGURATION, 'deploy/x': '' });
  const elsewhere = tree({ 'house.yaml': CONFIGURATION });

  it('has its own controls explained like any other', async () => {
    const { code, out } = await bulwark(['explain', 'no-pods'], folder.root);

    expect(code).toBe(0);
    expect(out).toMatch(/^no-pods: Nobody makes pods\\x1b\[31m\nSeverity critical, /);
    expect(out).toContain(
      [
        'In bulwark.yaml',
        '  A control of your own, made from forbidden-kind.',
        '  It runs in every profile.',
        '  Severity critical instead of low.',
        '  kinds: ["Pod"]',
        '  Only where its namespace is shop or team-* and its label tier is edge.\n',
      ].join('\n'),
    );
    expect(out).toContain('Try it: bulwark scan . --control no-pods\n');
  });

  it('shows in the explanation of what it changes', async () => {
    const changed = await bulwark(['explain', 'projected-token-lifetime'], folder.root);
    const off = await bulwark(['explain', 'host-pid'], folder.root);
    const none = await bulwark(['explain', 'host-pid', '--no-config'], folder.root);

    expect(changed.out).toContain('Severity high instead of low.\n  maximumSeconds: 4000\n');
    expect(off.out).toContain('In bulwark.yaml\n  It is off.\n');
    expect(none.out).not.toContain('bulwark.yaml\n  It');
  });

  it('shows in the list of controls', async () => {
    const { out } = await bulwark(['controls'], folder.root);

    expect(out).toMatch(/^no-pods +critical +on +Nobody makes pods/m);
    expect(out).toMatch(/^host-pid +high +off /m);
    expect(out).toMatch(/^host-ipc +high +default /m);
    expect(out).toMatch(/^\d+ controls, 1 of your own\./m);
  });

  it('shows to programs as well', async () => {
    const { out } = await bulwark(['controls', '-f', 'json'], folder.root);
    const controls = JSON.parse(out) as { readonly id: string }[];

    expect(controls.find(({ id }) => id === 'no-pods')).toMatchObject({
      basedOn: 'forbidden-kind',
      enabled: true,
      values: { kinds: ['Pod'] },
      scope: { only: { namespaces: ['shop', 'team-*'] } },
    });
    expect(controls.find(({ id }) => id === 'host-ipc')).not.toHaveProperty('enabled');
  });

  it('is the one that is named', async () => {
    const named = ['--config', elsewhere.path('house.yaml')];

    const { out } = await bulwark(['explain', 'no-pods', ...named], '/');
    const { code, err } = await bulwark(['explain', 'no-pods'], '/');

    expect(out).toContain(
      `Try it: bulwark scan . --control no-pods --config ${elsewhere.path('house.yaml')}\n`,
    );
    expect([code, err]).toEqual([2, expect.stringContaining('unknown control "no-pods"')]);
  });

  it('has its own controls completed', async () => {
    const offered = async (cwd: string, ...words: string[]): Promise<string> =>
      (await bulwark(['completion', 'bash', '--', ...words], cwd)).out;

    expect(await offered(folder.root, 'explain', 'no-')).toBe('no-pods\n');
    expect(await offered(folder.root, 'scan', '--control', 'host-pid,no-')).toBe('host-pid,no-pods\n');
    expect(await offered(folder.root, 'scan', '--no-config', '--control', 'no-')).toBe('');
    expect(await offered('/', 'scan', '--config', elsewhere.path('house.yaml'), '--control', 'no-')).toBe(
      'no-pods\n',
    );
    expect(await offered('/', 'scan', '--config', 'nowhere.yaml', '--control', 'host-pi')).toBe('host-pid\n');
  });

  it('is named by the command that a report recommends', async () => {
    const files = tree({
      'house.yaml': CONFIGURATION,
      'a.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop, labels: {tier: edge}}\nspec: {}\n',
    });
    const scan = ['scan', files.path('a.yaml'), '--control', 'no-pods', '--config', files.path('house.yaml')];

    for (const format of ['pretty', 'markdown']) {
      const { out } = await bulwark([...scan, '--format', format], '/');
      const [, command = ''] = /(bulwark explain \S+ \S+ no-pods)/.exec(out) ?? [];

      expect((await bulwark(command.split(' ').slice(1), '/')).code).toBe(0);
    }
  });

  it('with faults keeps nobody from reading what is right', async () => {
    const wrong = tree({ 'bulwark.yaml': 'controls: {host-pid: {params: {x: 1}}}\n' });

    const { code, out, err } = await bulwark(['explain', 'host-pid'], wrong.root);
    const named = await bulwark(['explain', 'host-pid', '--config', wrong.path('bulwark.yaml')], wrong.root);

    expect([code, out]).toEqual([0, expect.stringContaining('host-pid: ')]);
    expect(err).toBe('The configuration has faults and is left out here; bulwark scan says which.\n');
    expect(named.code).toBe(2);
  });
});

it('says which parameter a control needs before it can be tried', async () => {
  const { out } = await bulwark(['explain', 'required-label'], '/');

  expect(out).toContain('Try it, once key is set in bulwark.yaml: bulwark scan . --control required-label\n');
});
