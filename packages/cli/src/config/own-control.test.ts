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

const OBJECTS = `apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop, labels: {version: "1.30", team: X1}}
spec:
  priorityClassName: other
  initContainers: [{name: i, image: registry.example.com/i, resources: {limits: {memory: 3Gi}}}]
  containers: [{name: a, image: busybox, resources: {limits: {memory: 3Gi}}}]
---
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: base, labels: {version: 1.30, team: web}, annotations: {runbook: "https://example.com"}}
spec:
  priorityClassName: batch
  containers: [{name: b, image: "registry.example.com/b:1", resources: {limits: {memory: 1Gi}}}]
`;

interface Report {
  readonly findings: readonly {
    readonly control: string;
    readonly severity: string;
    readonly message: string;
    readonly resource: { readonly name: string };
  }[];
  readonly coverage: readonly { readonly code: string }[];
}

async function findings(control: string): Promise<Report['findings']> {
  const folder = tree({ 'bulwark.yaml': `custom: [${control}]\n`, 'a.yaml': OBJECTS });
  const { out, err } = await bulwark(
    ['scan', folder.root, '--control', 'own', '--format', 'json'],
    folder.root,
  );
  if (err !== '') throw new Error(err);
  const report = JSON.parse(out) as Report;
  if (report.coverage.length > 0) throw new Error(JSON.stringify(report.coverage));
  return report.findings;
}

describe('a control of a team', () => {
  it.each([
    [
      'required-label',
      '{key: team, pattern: "^[a-z]+$"}',
      'Pod/a has another value than is asked for in the label team.',
    ],
    ['required-annotation', '{key: runbook}', 'Pod/a lacks the annotation runbook.'],
    ['forbidden-kind', '{kinds: [Pod]}', 'Pod/a is of the kind Pod, which the team forbids.'],
    [
      'image-pattern',
      '{patterns: ["registry.example.com/*"]}',
      'Container a of Pod/a uses the image docker.io/library/busybox, which no pattern allows.',
    ],
    [
      'required-value',
      '{path: priorityClassName, start: pod, values: [batch], pattern: "^b"}',
      'Pod/a must set priorityClassName to "batch" or what matches ^b.',
    ],
    [
      'forbidden-value',
      '{path: metadata.labels.version, values: ["1.30"]}',
      'Pod/a must not set metadata.labels.version to "1.30".',
    ],
    [
      'value-range',
      '{path: resources.limits.memory, start: container, containerTypes: [regular], maximum: 2Gi}',
      'Container a of Pod/a must set resources.limits.memory to an amount of at most 2Gi.',
    ],
  ])('can be made from %s', async (base, params, message) => {
    const found = await findings(`{id: own, control: ${base}, params: ${params}, not: {namespace: ba*}}`);

    expect(found.map((finding) => [finding.control, finding.message])).toEqual([['own', message]]);
  });

  it('has its own text and severity, and holds where it is wanted', async () => {
    const found = await findings(
      `{id: own, control: forbidden-kind, severity: critical, message: "{resource}, a {kind}.", params: {kinds: [Pod]}, only: {name: b, labels: {team: w*}}}`,
    );

    expect(found).toMatchObject([
      { severity: 'critical', message: 'Pod/b, a Pod.', resource: { name: 'b' } },
    ]);
  });

  it('may name what it is made from by a name of old', async () => {
    expect(await findings('{id: own, control: crd-conversion-webhook-risk}')).toEqual([]);
  });

  it('is done soon with a pattern and a label that make others go back', async () => {
    const label = `${'a'.repeat(60)}!`;
    const folder = tree({
      'bulwark.yaml':
        'custom: [{id: own, control: required-label, params: {key: team, pattern: "^(a+)+$"}}]\n',
      'a.yaml': OBJECTS.replace('X1', `"${label}"`),
    });

    const { out } = await bulwark(['scan', folder.root, '--control', 'own', '--all'], folder.root);

    expect(out).toContain('has another value than is asked for');
  });
});

describe('what is wrong with a control of a team', () => {
  it.each([
    [
      'control: value-range, params: {path: a}',
      'custom.0.params: minimum and maximum cannot both be missing',
    ],
    [
      'control: value-range, params: {path: a, minimum: 1Gi, maximum: 5}',
      'custom.0.params.maximum: must not be below the minimum, which is 1Gi',
    ],
    [
      'control: service-port-range, params: {minimum: 80, maximum: 10}',
      'custom.0.params.maximum: must not be below the minimum, which is 80',
    ],
    ['control: user-group-range, params: {minimum: 5}', 'custom.0.params: maximum is not set'],
    [
      'control: resource-above-maximum, params: {maximum: foo}',
      'custom.0.params.maximum: must be amounts by name, such as {cpu: 2, memory: 1Gi}, not "foo"',
    ],
    [
      'control: resource-above-maximum, params: {maximum: {memory: lots}}',
      'custom.0.params.maximum: must be amounts by name',
    ],
    [
      'control: required-label, params: {key: "example.com/a/b"}',
      'custom.0.params.key: must be a name such as team or example.com/team',
    ],
    ['control: required-annotation, params: {key: "the team"}', 'custom.0.params.key: must be a name'],
    ['control: required-label', 'custom.0.params: key is not set'],
    [
      'control: required-label, params: {key: a, pattern: "(?!x)"}',
      'custom.0.params.pattern: must be a regular expression: it looks around',
    ],
    [
      'control: required-label, params: {key: a, constructor: 2}',
      'unknown parameter of required-label "constructor"',
    ],
    [
      'control: forbidden-kind, params: {kinds: [Pod]}, message: "{resource} {foo}"',
      'custom.0.message: {foo} is nothing that forbidden-kind fills in, which is {resource}, {kind}, {container}',
    ],
    [
      'control: forbidden-kind, params: {kinds: [Pod]}, message: "{ kind } {Kind}"',
      'custom.0.message: {Kind} is nothing that forbidden-kind fills in',
    ],
    [
      'control: "kubescape:C-0076"',
      'custom.0.control: kubescape:C-0076 is several controls; name one of required-label',
    ],
    ['control: forbidden-kin', 'unknown control "forbidden-kin"; did you mean "forbidden-kind"?'],
  ])('{id: own, %s} is said with its line', async (settings, message) => {
    const folder = tree({ 'bulwark.yaml': `custom:\n  - {id: own, ${settings}}\n`, 'a.yaml': OBJECTS });

    const { code, err } = await bulwark(['scan', folder.root], folder.root);

    expect(code).toBe(2);
    expect(err).toMatch(/^bulwark\.yaml:2:\d+: custom\.0/m);
    expect(err).toContain(message);
  });

  it.each([
    ['host-pid', 'there is a control host-pid already'],
    [
      'webhook-insecure-target',
      'there is a control webhook-external-target, once called webhook-insecure-target, already',
    ],
  ])('is an id that is taken: %s', async (id, message) => {
    const folder = tree({ 'bulwark.yaml': `custom: [{id: ${id}, control: host-ipc}]\n` });

    const { code, err } = await bulwark(['scan', folder.root], folder.root);

    expect([code, err]).toEqual([2, expect.stringContaining(`custom.0.id: ${message}`)]);
  });

  it('is said together with what is wrong with others, and makes no other fault', async () => {
    const folder = tree({
      'bulwark.yaml': `controls: {required-label: {enabled: true}, termination-grace: {params: {minimum: 9, maximum: 1}}}
custom:
  - {id: one, control: forbidden-kind, params: {kinds: [Pod]}, foo: 1}
  - {id: two, control: forbidden-kind}
  - {id: two, control: host-pid}
exceptions:
  accepted:
    - {control: one, reason: x}
    - {control: two}
    - {control: three, reason: x}
`,
    });

    const { err } = await bulwark(['scan', folder.root], folder.root);

    expect(err.split('\n').slice(1, -1)).toEqual([
      'bulwark.yaml:1:12: controls.required-label.params: key is not set',
      expect.stringMatching(/termination-grace\.params\.maximum: must not be below the minimum, which is 9$/),
      expect.stringMatching(/^bulwark\.yaml:3:\d+: custom\.0\.foo: unknown key "foo"/),
      'bulwark.yaml:4:5: custom.1.params: kinds is not set',
      expect.stringMatching(/^bulwark\.yaml:5:\d+: custom\.2\.id: there is a control two already$/),
      'bulwark.yaml:9:7: exceptions.accepted.1.reason: is missing',
      expect.stringMatching(
        /^bulwark\.yaml:10:\d+: exceptions\.accepted\.2\.control: unknown control "three"/,
      ),
    ]);
  });
});

describe('a control that lacks a parameter', () => {
  it('is refused where it is asked for, as it would judge nothing', async () => {
    const folder = tree({ 'a.yaml': OBJECTS });

    const { code, err } = await bulwark(['scan', folder.root, '--control', 'required-label'], folder.root);

    expect([code, err]).toEqual([
      2,
      'error: required-label judges nothing as long as its parameter key is not set; bulwark.yaml sets it, under controls.required-label.params\n',
    ]);
  });

  it('is left out where its alias means others too', async () => {
    const folder = tree({ 'a.yaml': OBJECTS });

    const { code, out } = await bulwark(['scan', folder.root, '--control', 'kubescape:C-0076'], folder.root);

    expect([code, out]).toEqual([0, expect.stringContaining('against 1 control ')]);
  });
});
