import { symlinkSync } from 'node:fs';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { findInputs } from '../find-inputs.ts';
import { findTool } from './tools.ts';

const PATH = process.env['PATH'];
const OPTIONS = { ignore: true, render: true, maxBytes: 1_000_000, env: { PATH } };
const WITHOUT_TOOLS = { ...OPTIONS, env: { PATH: '/nonexistent' } };
const hasHelm = findTool('helm', { PATH }) !== undefined;
const hasKustomize = (findTool('kustomize', { PATH }) ?? findTool('kubectl', { PATH })) !== undefined;
const trees: FileTree[] = [];

function tree(files: Readonly<Record<string, string>>): FileTree {
  const made = writeTree(files);
  trees.push(made);
  return made;
}

afterAll(() => {
  for (const made of trees) made.remove();
});

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      hostPID: true
      containers:
        - name: app
          image: example.com/app:1
`;
const CHART = {
  'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
  'shop/values.yaml': 'hostPID: false\n',
  'shop/values-prod.yaml': 'hostPID: true\n',
  'shop/templates/web.yaml': DEPLOYMENT.replace('hostPID: true', 'hostPID: {{ .Values.hostPID }}'),
  'shop/templates/service.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n',
  'shop/crds/crd.yaml':
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: things.example.com\n',
  'other.yaml': DEPLOYMENT,
};
const OVERLAY = {
  'base/kustomization.yaml': 'resources: [web.yaml]\n',
  'base/web.yaml': DEPLOYMENT,
  'prod/kustomization.yaml':
    'namePrefix: prod-\nresources: [../base]\npatches:\n  - path: patch.yaml\nconfigMapGenerator:\n  - name: settings\n    literals: [a=b]\n',
  'prod/patch.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3\n',
};

describe('a chart', () => {
  it('that cannot be rendered is lost, with the command to pipe in', () => {
    const { root } = tree(CHART);

    const found = findInputs([root], WITHOUT_TOOLS);

    expect(found.files.map(({ file }) => file)).toEqual([`${root}/other.yaml`]);
    expect(found.coverage).toMatchObject([
      { code: 'unrendered-chart', kind: 'lost', file: `${root}/shop/Chart.yaml` },
    ]);
    expect(found.coverage[0]?.reason).toContain(`helm template ${root}/shop | bulwark scan -`);
  });

  it.skipIf(!hasHelm)(
    'is rendered with its default values and then with each other values file (needs helm)',
    () => {
      const { root } = tree(CHART);

      const found = findInputs([root], OPTIONS);

      expect(found.coverage).toEqual([]);
      expect(found.files.map(({ file, variant }) => [file.slice(root.length + 1), variant])).toEqual([
        ['other.yaml', undefined],
        ['shop/crds/crd.yaml', undefined],
        ['shop/templates/service.yaml', undefined],
        ['shop/templates/web.yaml', undefined],
        ['shop/templates/web.yaml', 'values-prod.yaml'],
      ]);
      const prod = found.files.at(-1);
      const line = prod?.text?.split('\n').findIndex((text) => text.includes('hostPID: true')) ?? 0;
      expect(prod?.lineMap?.[line]).toBe(8);
    },
  );

  it.skipIf(!hasHelm)('that fails to render says what helm says (needs helm)', () => {
    const { root } = tree({
      ...CHART,
      'shop/templates/bad.yaml': '{{ required "set .Values.x" .Values.x }}',
    });

    const { coverage } = findInputs([root], OPTIONS);

    expect(coverage[0]?.reason).toContain('set .Values.x');
  });

  it('of type library renders nothing and loses nothing', () => {
    const { root } = tree({
      'lib/Chart.yaml': 'apiVersion: v2\nname: lib\ntype: library\nversion: 0.1.0\n',
      'lib/templates/_x.yaml': '{{ x }}',
    });

    expect(findInputs([root], WITHOUT_TOOLS)).toEqual({ files: [], coverage: [] });
  });
});

describe('an overlay', () => {
  it('that cannot be rendered is lost, but its resources are judged as they are, and its patches are not', () => {
    const { root } = tree(OVERLAY);

    const found = findInputs([root], WITHOUT_TOOLS);

    expect(found.files.map(({ file }) => file.slice(root.length + 1))).toEqual(['base/web.yaml']);
    expect(found.coverage).toMatchObject([
      { code: 'unrendered-overlay', file: `${root}/prod/kustomization.yaml` },
    ]);
    expect(found.coverage[0]?.reason).toContain(`kustomize build ${root}/prod | bulwark scan -`);
  });

  it.skipIf(!hasKustomize)(
    'is rendered from the top, and its objects point at the files they come from (needs kustomize or kubectl)',
    () => {
      const { root } = tree(OVERLAY);

      const found = findInputs([root], OPTIONS);

      expect(found.coverage).toEqual([]);
      expect(found.files.map(({ file }) => file.slice(root.length + 1)).sort()).toEqual([
        'base/web.yaml',
        'prod/kustomization.yaml',
      ]);
      const web = found.files.find(({ file }) => file.endsWith('web.yaml'));
      expect(web?.text).toContain('name: prod-web');
      expect(web?.text).not.toContain('config.kubernetes.io');
      const line = web?.text?.split('\n').findIndex((text) => text.includes('hostPID: true')) ?? 0;
      expect(web?.lineMap?.[line]).toBe(8);
    },
  );

  it('whose file is a folder, or cannot be read, costs nothing else', () => {
    const { root, path } = tree({ 'Chart.yaml/x': '', 'Kustomization/x': '', 'a/b.yaml': DEPLOYMENT });
    const inside = tree({ 'kustomization.yaml': '\u0000', 'Chart.yaml': '\u0000', 'c.yaml': DEPLOYMENT });

    expect(findInputs([root], OPTIONS).files.map(({ file }) => file)).toEqual([path('a/b.yaml')]);
    expect(findInputs([inside.root], WITHOUT_TOOLS).coverage).toMatchObject([
      { code: 'unrendered-chart', reason: 'The file is binary.' },
      { code: 'unrendered-overlay' },
    ]);
  });

  it('that draws on something remote is lost rather than fetched', () => {
    const { root } = tree({ 'kustomization.yaml': 'resources: [https://example.com/x.yaml]\n' });

    expect(findInputs([root], OPTIONS).coverage[0]?.reason).toContain('a scan fetches nothing');
  });

  it('names what is remote without the password in it', () => {
    const { root } = tree({ 'kustomization.yaml': 'resources: [https://a:w0nderland@example.com/x]\n' });

    expect(findInputs([root], OPTIONS).coverage[0]?.reason).toContain('https://a:[redacted]@example.com/x');
  });

  it.skipIf(!hasKustomize)(
    'is rendered once, however many of the paths lead to it (needs kustomize or kubectl)',
    () => {
      const { root, path } = tree(OVERLAY);

      const once = findInputs([root], OPTIONS);
      const again = findInputs([root, path('prod'), path('base/web.yaml'), root], OPTIONS);

      expect(again.coverage).toEqual([]);
      expect(again.files).toEqual(once.files);
    },
  );

  it.skipIf(!hasKustomize)('that builds on itself in a circle is lost (needs kustomize or kubectl)', () => {
    const { root } = tree({
      'a/kustomization.yaml': 'resources: [../b]\n',
      'b/kustomization.yaml': 'resources: [../a]\n',
    });

    expect(findInputs([root], OPTIONS).coverage).toMatchObject([
      { code: 'unrendered-overlay', kind: 'lost' },
    ]);
  });

  it.skipIf(!hasKustomize)(
    'is rendered where the folder for temporary files is a link (needs kustomize or kubectl)',
    () => {
      const { root } = tree(OVERLAY);
      const { path } = tree({ 'real/deep/er/x': '' });
      symlinkSync(path('real/deep/er'), path('link'));
      const before = process.env['TMPDIR'];
      process.env['TMPDIR'] = path('link');
      try {
        expect(findInputs([root], OPTIONS).coverage).toEqual([]);
      } finally {
        if (before === undefined) delete process.env['TMPDIR'];
        else process.env['TMPDIR'] = before;
      }
    },
  );
});
