import { readDocuments } from '@bulwark/formats';
import { describe, expect, it } from 'vitest';
import { expandDocument } from './expand.ts';
import { lineStartsOf, regionOf } from './origin.ts';

const KUBERNETES = { minor: 37, text: '1.37' };

function expand(text: string, kubernetes = KUBERNETES) {
  const lines = { file: 'a.yaml', lineStarts: lineStartsOf(text) };
  const expanded = readDocuments(text).documents.map((document) =>
    expandDocument(document, lines, { kubernetes }),
  );
  return {
    resources: expanded.flatMap(({ resources }) => resources),
    coverage: expanded.flatMap(({ coverage }) => coverage),
  };
}

const CONFIG_MAP = (name: string): string => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}}`;

describe('expanding a document', () => {
  it.each([
    ['an object', CONFIG_MAP('a'), ['ConfigMap|default|a']],
    [
      'a List',
      `{apiVersion: v1, kind: List, items: [${CONFIG_MAP('a')}, ${CONFIG_MAP('b')}]}`,
      ['ConfigMap|default|a', 'ConfigMap|default|b'],
    ],
    [
      'nested Lists',
      `{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: List, items: [${CONFIG_MAP('a')}]}]}`,
      ['ConfigMap|default|a'],
    ],
    [
      'a typed list whose items have no type',
      '{kind: PodList, apiVersion: v1, items: [{metadata: {name: a}, spec: {}}]}',
      ['Pod|default|a'],
    ],
    ['an empty List', '{apiVersion: v1, kind: List, items: []}', []],
    ['a List without items', '{apiVersion: v1, kind: List}', []],
    [
      'a custom kind that ends in List',
      '{apiVersion: example.com/v1, kind: AllowList, metadata: {name: a}, spec: {}}',
      ['example.com/AllowList||a'],
    ],
    [
      'a cluster-scoped object',
      '{apiVersion: v1, kind: Namespace, metadata: {name: a, namespace: ignored}}',
      ['Namespace||a'],
    ],
    [
      'generateName',
      '{apiVersion: batch/v1, kind: Job, metadata: {generateName: run-}, spec: {template: {spec: {}}}}',
      ['batch/Job|default|run-*'],
    ],
    ['nothing', '# only a comment\n', []],
    ['null', 'null\n', []],
  ])('finds %s', (_name, text, keys) => {
    const { resources, coverage } = expand(text);

    expect(resources.map(({ key }) => key)).toEqual(keys);
    expect(coverage).toEqual([]);
  });

  it.each([
    ['an object without a name', '{apiVersion: v1, kind: Pod, metadata: {}}', 'missing-name'],
    [
      'a custom object without a name',
      '{apiVersion: example.com/v1, kind: Thing, metadata: {labels: {}}}',
      'missing-name',
    ],
    [
      'the configuration of a tool',
      '{apiVersion: kubelet.config.k8s.io/v1beta1, kind: KubeletConfiguration}',
      'not-kubernetes',
    ],
    ['something else', 'services: {web: {image: x}}', 'not-kubernetes'],
    ['a list of things', '[1, 2]', 'not-kubernetes'],
    ['a text', 'hello', 'not-kubernetes'],
    ['an object without apiVersion', '{kind: Pod, metadata: {name: a}}', 'malformed-object'],
    [
      'an object whose apiVersion is a number',
      '{apiVersion: 1, kind: Pod, metadata: {name: a}}',
      'malformed-object',
    ],
    [
      'a name that YAML reads as a number',
      '{apiVersion: v1, kind: Pod, metadata: {name: 1}}',
      'malformed-object',
    ],
    [
      'a namespace that kubectl reads as false',
      '{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: n}}',
      'malformed-object',
    ],
    ['objects in a list without a kind', `[${CONFIG_MAP('a')}]`, 'malformed-object'],
    [
      'a List whose items are a mapping',
      `{apiVersion: v1, kind: List, items: ${CONFIG_MAP('a')}}`,
      'malformed-object',
    ],
  ])('reports %s', (_name, text, code) => {
    const { resources, coverage } = expand(text);

    expect(resources).toEqual([]);
    expect(coverage).toMatchObject([{ code, file: 'a.yaml', line: 1, column: 1 }]);
  });

  it('reports a bad item of a List at its own place, and keeps the others', () => {
    const { resources, coverage } = expand(`apiVersion: v1
kind: List
items:
  - ${CONFIG_MAP('a')}
  - {apiVersion: v1, kind: Secret}
  - ${CONFIG_MAP('b')}
`);

    expect(resources.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(coverage).toMatchObject([{ code: 'missing-name', line: 5, column: 5 }]);
  });

  it('judges what is left of a malformed pod and says that a part is lost', () => {
    const { resources, coverage } = expand(
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: {}}\n',
    );

    expect(resources).toHaveLength(1);
    expect(coverage).toMatchObject([
      { code: 'malformed-object', kind: 'lost', reason: 'spec.containers is not what it must be.' },
    ]);
  });

  it.each([
    ['apps/v1', 'Deployment', '{}', 'spec.template is missing.'],
    ['apps/v1', 'Deployment', '{template: oops}', 'spec.template is not what it must be.'],
    ['batch/v1', 'CronJob', '{jobTemplate: {spec: []}}', 'spec.jobTemplate.spec.template is missing.'],
    ['v1', 'Pod', 'null', 'spec is not what it must be.'],
  ])('says that %s %s with the spec %s was not judged', (apiVersion, kind, spec, reason) => {
    const { resources, coverage } = expand(
      `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: a}, spec: ${spec}}`,
    );

    expect(resources).toHaveLength(1);
    expect(coverage).toMatchObject([{ code: 'malformed-object', kind: 'lost', reason }]);
  });

  it.each([
    ['a built-in kind in a version it never had', 'apps/v1beta3', 'Deployment', '; use apps/v1 Deployment'],
    ['a built-in kind in the group of another', 'apps/v1', 'Pod', '; use v1 Pod'],
    ['a kind that no release has', 'v1', 'Foo', ''],
  ])('loses %s, which no API server would take', (_name, apiVersion, kind, instead) => {
    const { resources, coverage } = expand(
      `${CONFIG_MAP('a')}\n---\n{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: b}}`,
    );

    expect(resources.map(({ name }) => name)).toEqual(['a']);
    expect(coverage).toMatchObject([
      {
        code: 'unknown-version',
        kind: 'lost',
        reason: `${apiVersion} never existed for ${kind}${instead}.`,
        line: 3,
        column: 1,
      },
    ]);
  });

  it.each([
    [
      'removed',
      25,
      [
        {
          code: 'removed-api',
          reason: 'batch/v1beta1 CronJob is removed in Kubernetes 1.25; use batch/v1 CronJob.',
        },
      ],
    ],
    ['only deprecated', 24, []],
    ['served', 20, []],
    ['yet to come', 7, []],
  ])('judges an object whose version is %s', (_state, minor, notes) => {
    const { resources, coverage } = expand(
      '{apiVersion: batch/v1beta1, kind: CronJob, metadata: {name: a}}',
      {
        minor,
        text: `1.${minor}`,
      },
    );

    expect(resources.map(({ key }) => key)).toEqual(['batch/CronJob|default|a']);
    expect(coverage.filter(({ code }) => code !== 'malformed-object')).toMatchObject(notes);
  });

  it('judges custom resources, of whose versions nothing is known', () => {
    const { resources, coverage } = expand('{apiVersion: example.com/v9, kind: Thing, metadata: {name: a}}');

    expect(resources).toHaveLength(1);
    expect(coverage).toEqual([]);
  });

  it('keeps the place of every field of every item', () => {
    const { resources } = expand(`apiVersion: v1
kind: List
items:
- ${CONFIG_MAP('a')}
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: b
  data:
    "10": ten
    key: |
      two
      lines
    "9": nine
`);
    const [, second] = resources;
    const place = (...path: string[]) => {
      const region = second && regionOf(second.object, second.origin, path);
      return [region?.line, region?.column, region?.endLine, region?.endColumn];
    };

    expect(place('metadata', 'name')).toEqual([8, 5, 8, 12]);
    expect(place('data', 'key')).toEqual([11, 5, 14, 1]);
    expect(place('data', '9')).toEqual([14, 5, 14, 14]);
    expect(place('data', '10')).toEqual([10, 5, 10, 14]);
  });

  it('takes the place of the nearest ancestor for a field that is not there', () => {
    const [resource] = expand(
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: app\n',
    ).resources;
    const region =
      resource &&
      regionOf(resource.object, resource.origin, ['spec', 'containers', 0, 'securityContext', 'privileged']);

    expect(region).toEqual({ line: 6, column: 5, endLine: 6, endColumn: 5 });
  });
});
