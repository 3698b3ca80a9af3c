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
const GOOD = pod('shop', 'a', '', HARDENED);
const FAIR = pod('shop', 'a', '', 'runAsNonRoot: true');
const POOR = pod('shop', 'a', '  hostPID: true\n', HARDENED);
const namespace = (name: string, labels: Readonly<Record<string, string>>): string => {
  const prefixed = Object.entries(labels).map(([key, value]) => [`pod-security.kubernetes.io/${key}`, value]);
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: Object.fromEntries(prefixed) } })}\n`;
};

interface Level {
  readonly namespace: string;
  readonly workloads: number;
  readonly enforced?: string;
  readonly enforcedVersion?: string;
  readonly isComplete: boolean;
  readonly atMost: string;
  readonly passes?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly blocking: readonly { readonly control: string }[];
}

interface Report {
  readonly coverage: readonly { readonly code: string }[];
  readonly namespaces: readonly Level[];
}

async function levels(files: Readonly<Record<string, string>>, ...args: string[]): Promise<Report> {
  const folder = tree(files);
  const { out, err } = await bulwark(
    ['psa', folder.root, '-f', 'json', '--kubernetes-version', '1.34', ...args],
    folder.root,
  );
  if (err !== '') throw new Error(err);
  return JSON.parse(out) as Report;
}

describe('bulwark psa', () => {
  const folder = tree({
    'a.yaml': [
      pod('good', 'a', '', HARDENED),
      pod('fair', 'b', '', HARDENED),
      pod('fair', 'c', '', 'runAsNonRoot: true'),
      pod('poor', 'd', '  hostPID: true\n', HARDENED),
      namespace('poor', { enforce: 'baseline', 'enforce-version': 'v1.25' }),
    ].join('---\n'),
  });

  it('says for each namespace what would pass, what blocks the next level, and the patch', async () => {
    const { out, code } = await bulwark(['psa', folder.root, '--kubernetes-version', '1.34'], folder.root);

    expect(code).toBe(0);
    expect(out).toContain('good: restricted would pass (1 workload; it enforces nothing by its manifest)');
    expect(out).toContain('fair: baseline would pass (2 workloads;');
    expect(out).toMatch(/restricted is blocked by:\n {4}.*Pod\/c/);
    expect(out).toContain('poor: privileged would pass (1 workload; it enforces baseline as of v1.25)');
    expect(out).toContain('    host-pid: Pod/d\n');
    expect(out).toContain(
      `kubectl patch namespace fair --type merge -p '{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"baseline","pod-security.kubernetes.io/enforce-version":"v1.34","pod-security.kubernetes.io/warn":"restricted","pod-security.kubernetes.io/audit":"restricted"}}}'`,
    );
  });

  it('says the same to programs', async () => {
    const { out } = await bulwark(['psa', folder.root, '-f', 'json'], folder.root);

    expect(JSON.parse(out)).toMatchObject({
      schema: 'bulwark.psa/v1',
      coverage: [],
      namespaces: [
        { namespace: 'fair', isComplete: true, passes: 'baseline', next: 'restricted' },
        { namespace: 'good', passes: 'restricted', blocking: [] },
        {
          namespace: 'poor',
          passes: 'privileged',
          enforced: 'baseline',
          blocking: [{ control: 'host-pid' }],
        },
      ],
    });
  });

  it.each([
    ['exceptions', 'exceptions: {accepted: [{control: host-pid, namespace: shop, reason: x}]}'],
    ['scopes', 'controls: {host-pid: {not: {namespace: shop}}}'],
    ['controls that are off', 'controls: {host-pid: off}'],
    ['parameters and severities', 'controls: {host-pid: info}\nminSeverity: high'],
  ])('knows no %s, as the admission controller knows none', async (_name, configuration) => {
    const { namespaces } = await levels({ 'a.yaml': POOR, 'bulwark.yaml': configuration });

    expect(namespaces).toMatchObject([{ passes: 'privileged', blocking: [{ control: 'host-pid' }] }]);
  });

  it('judges every namespace, whichever are shown', async () => {
    const files = { 'a.yaml': POOR, 'b.yaml': pod('other', 'b', '  hostIPC: true\n', HARDENED) };

    expect((await levels(files, '-n', 'other')).namespaces).toMatchObject([
      { namespace: 'other', passes: 'privileged' },
    ]);
  });

  it.each(['--control=host-pid', '--exclude=host-pid', '--profile=strict', '--framework=pss-baseline'])(
    'refuses %s, which would mean nothing',
    async (flag) => {
      const { code, err } = await bulwark(['psa', folder.root, flag], folder.root);

      expect([code, err]).toEqual([2, expect.stringContaining('unknown option')]);
    },
  );

  it('leaves out what the configuration does not read, and says so', async () => {
    const { namespaces, coverage } = await levels({
      'a.yaml': GOOD,
      'vendor/b.yaml': POOR,
      'bulwark.yaml': 'ignore: [vendor/]',
    });

    expect(namespaces).toMatchObject([{ passes: 'restricted' }]);
    expect(coverage).toMatchObject([{ code: 'ignored-files' }]);
  });
});

describe('bulwark psa promises no level', () => {
  it.each([
    ['a file that cannot be read as YAML', { 'bad.yaml': 'a: [' }, 'invalid-yaml'],
    [
      'a template that nobody rendered',
      { 't.yaml': 'kind: Pod\nname: {{ .Values.name }}\n' },
      'unrendered-template',
    ],
    [
      'an object without a name',
      { 'n.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {}\nspec: {}\n' },
      'missing-name',
    ],
    [
      'a malformed pod of the namespace',
      {
        'm.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: m, namespace: shop}\nspec: {containers: 3}\n',
      },
      'malformed-object',
    ],
  ])('beside %s', async (_name, files, code) => {
    const { namespaces, coverage } = await levels({ 'a.yaml': GOOD, ...files });

    expect(coverage.map((entry) => entry.code)).toContain(code);
    expect(namespaces.find((level) => level.namespace === 'shop')).toMatchObject({
      isComplete: false,
      atMost: 'restricted',
    });
    expect(namespaces[0]).not.toHaveProperty('passes');
    expect(namespaces[0]).not.toHaveProperty('labels');
  });

  it('of what a malformed pod of another namespace says nothing about', async () => {
    const malformed =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: m, namespace: odd}\nspec: {containers: 3}\n';

    const { namespaces } = await levels({ 'a.yaml': GOOD, 'm.yaml': malformed });

    expect(namespaces.map((level) => [level.namespace, level.passes])).toEqual([
      ['odd', undefined],
      ['shop', 'restricted'],
    ]);
  });

  it('but the weakest, which nothing unseen can make weaker', async () => {
    const { namespaces } = await levels({ 'a.yaml': POOR, 'bad.yaml': 'a: [' });

    expect(namespaces).toMatchObject([{ isComplete: false, passes: 'privileged' }]);
  });

  it('to a namespace of which no workload was read, and lists it', async () => {
    const { namespaces } = await levels(
      { 'a.yaml': namespace('empty', { enforce: 'restricted' }) },
      '-n',
      'empty,typo',
    );

    expect(
      namespaces.map((level) => [level.namespace, level.workloads, level.enforced, level.passes]),
    ).toEqual([
      ['empty', 0, 'restricted', undefined],
      ['typo', 0, undefined, undefined],
    ]);
  });

  it('and says all of it to people', async () => {
    const folder = tree({ 'a.yaml': GOOD, 'b.yaml': namespace('empty', {}), 'bad.yaml': 'a: [' });

    const { out } = await bulwark(['psa', folder.root], folder.root);

    expect(out).toContain(`Could not be judged:\n  ${folder.path('bad.yaml')}:1:5: `);
    expect(out).toContain('empty: no workload of it was read, so no level can be told');
    expect(out).toContain('shop: at most restricted, as not all that may belong to it could be judged');
    expect(out).not.toContain('would pass');
    expect(out).not.toContain('kubectl');
  });

  it('where there is nothing at all', async () => {
    const { out } = await bulwark(['psa', tree({ 'a.txt': '' }).root], '/');

    expect(out).toContain('No workload and no Namespace was read, so no level can be told.');
  });
});

describe('the labels that bulwark psa proposes', () => {
  const label = (name: string): string => `pod-security.kubernetes.io/${name}`;
  const proposed = async (object: string, ...manifests: string[]): Promise<Level['labels']> => {
    const files = Object.fromEntries(manifests.map((text, index) => [`n${index}.yaml`, text]));
    return (await levels({ 'a.yaml': object, ...files })).namespaces[0]?.labels;
  };

  it.each<[string, string, string[]]>([
    ['what is enforced already', POOR, [namespace('shop', { enforce: 'baseline' })]],
    [
      'the strictest of several manifests',
      FAIR,
      [namespace('shop', {}), namespace('shop', { enforce: 'restricted' })],
    ],
  ])('never weaken %s', async (_name, object, manifests) => {
    expect(await proposed(object, ...manifests)).toBeUndefined();
  });

  it('keep a warning that is stricter', async () => {
    expect(await proposed(POOR, namespace('shop', { warn: 'restricted' }))).toEqual({
      [label('enforce')]: 'privileged',
      [label('enforce-version')]: 'v1.34',
      [label('audit')]: 'baseline',
    });
  });

  it('raise a level, at the version by whose rules it passes', async () => {
    expect(
      await proposed(GOOD, namespace('shop', { enforce: 'baseline', 'enforce-version': 'v1.20' })),
    ).toEqual({
      [label('enforce')]: 'restricted',
      [label('enforce-version')]: 'v1.34',
      [label('warn')]: 'restricted',
      [label('audit')]: 'restricted',
    });
  });

  it('are none where nothing would change', async () => {
    const said = namespace('shop', { enforce: 'baseline', warn: 'restricted', audit: 'restricted' });

    expect(await proposed(FAIR, said)).toBeUndefined();
  });

  it('take a level that does not exist for none', async () => {
    expect(await proposed(FAIR, namespace('shop', { enforce: 'strict' }))).toMatchObject({
      [label('enforce')]: 'baseline',
    });
  });

  it.each(["x; touch /tmp/pwned'", '$(id)', '--all', 'a\nb'])(
    'come with no command for a namespace called %j',
    async (name) => {
      const folder = tree({
        'a.yaml': JSON.stringify({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'a', namespace: name },
          spec: { containers: [{ name: 'a', image: 'x' }] },
        }),
      });

      const { out } = await bulwark(['psa', folder.root], folder.root);

      expect(out).toContain('The API server accepts no namespace of this name.');
      expect(out).not.toContain('kubectl');
    },
  );
});
