import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { containers, defineControl, workloads } from './control.ts';
import { toFinding } from './finding.ts';
import { mayBreak, removeField } from './fix.ts';
import { stringAt } from './json.ts';
import { Judge } from './judge.ts';
import { Plan } from './plan.ts';
import { type Resource, toResource } from './resource.ts';
import { World } from './world.ts';

const TEXT = {
  aliases: [],
  title: 'A title',
  problem: 'do something',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale: '',
  remediation: '',
  references: [],
  attack: [],
} as const;
const privileged = defineControl({
  ...TEXT,
  id: 'privileged',
  message: 'Container {container} of {resource} is privileged: {value}.',
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, at }) {
    const context = container.spec['securityContext'] as Record<string, unknown> | undefined;
    if (context?.['privileged'] === true) yield at('securityContext.privileged', { value: true });
  },
});
const hostPort = defineControl({
  ...TEXT,
  id: 'host-port',
  message: 'Port.',
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, at }) {
    for (const [index, port] of ((container.spec['ports'] ?? []) as { hostPort?: number }[]).entries())
      if (port.hostPort) yield at(['ports', index, 'hostPort']);
  },
});
const hostPid = defineControl({
  ...TEXT,
  id: 'host-pid',
  message: 'Host.',
  fix: removeField(mayBreak('It sees no processes of the node any more.')),
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, at }) {
    if (spec['hostPID'] === true) yield at('hostPID');
  },
});
const pulled = defineControl({
  ...TEXT,
  id: 'pulled',
  message: '{resource} pulls {image} of {images}.',
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, at }) {
    const image = stringAt(container.spec, 'image') ?? '';
    yield at('image', { image, images: [image, 'b:1'] });
  },
});
const PLAN = new Plan([privileged, hostPort, hostPid]);

function judged(resources: readonly Resource[]) {
  return new Judge(World.of(resources).world, PLAN, { minor: 37, text: '1.37' }).findings();
}

function findingsOf(yaml: string) {
  return judged(resourcesOf(yaml));
}

it('what a finding says holds no secret that stands in the object', () => {
  const token = ['glpat', 'a1B2c3D4e5F6g7H8i9J0'].join('-');
  const [pod] = resourcesOf(
    `{ apiVersion: v1, kind: Pod, metadata: { name: a }, spec: { containers: [{ name: c, image: "r/${token}/a:1" }] } }`,
  );
  const { world } = World.of(pod === undefined ? [] : [pod]);
  const found = new Judge(world, new Plan([pulled]), { minor: 37, text: '1.37' }).findings();

  expect(found.map(({ message }) => message)).toEqual(['Pod/a pulls [redacted] of [redacted], b:1.']);
});

/** The same objects as a cluster has them. */
function live(yaml: string): Resource[] {
  return resourcesOf(yaml).map(({ object }) =>
    toResource(object, { kind: 'cluster', cluster: 'prod', resourceVersion: '' }),
  );
}

const SPEC = `
      hostPID: true
      containers:
        - name: app
          securityContext: { privileged: true }
          ports: [{ containerPort: 80, hostPort: 80 }, { containerPort: 81, hostPort: 81 }]`;
const STATEFUL_SET = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: web, namespace: shop }
spec:
  template:
    spec:${SPEC}
`;
const POD = (name: string, spec: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  ownerReferences: [{ apiVersion: apps/v1, kind: StatefulSet, name: web, controller: true }]
spec:${spec.replaceAll('\n    ', '\n')}
`;

describe('a finding', () => {
  it('names the object, the container, the place and the reason', () => {
    const [finding] = findingsOf(STATEFUL_SET).filter(({ control }) => control === 'privileged');

    expect(finding).toMatchObject({
      message: 'Container app of StatefulSet/web is privileged: true.',
      resource: { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: 'shop', name: 'web' },
      workload: 'StatefulSet/web',
      container: 'app',
      path: 'spec.template.spec.containers[app].securityContext.privileged',
      file: 'case.yaml',
      region: { line: 10, column: 30, endLine: 10, endColumn: 46 },
    });
  });
});

describe('a finding of a live object', () => {
  it('can be mended where its control offers edits', () => {
    const mendable = judged(live(STATEFUL_SET)).filter(({ isFixable }) => isFixable);

    expect(mendable.map(({ control }) => control)).toEqual(['host-pid']);
  });

  it('cannot be mended in an owner where only its pod has it', () => {
    const calm = STATEFUL_SET.replace('hostPID: true', 'hostPID: false');
    const found = judged(live([calm, POD('web-a', SPEC)].join('---\n')));

    expect(found.filter(({ control }) => control === 'host-pid')).toMatchObject([
      { resource: { kind: 'StatefulSet' }, isFixable: false },
    ]);
  });
});

describe('a fingerprint', () => {
  it('does not change with the API version, the file, the formatting or the order of documents and items', () => {
    const other = `apiVersion: v1
kind: ConfigMap
metadata: { name: other }
---
# moved, and written as JSON
{ "spec": { "template": { "spec": { "containers": [
  { "name": "side" },
  { "ports": [ { "hostPort": 81, "containerPort": 81 }, { "hostPort": 80, "containerPort": 80 } ], "securityContext": { "privileged": true }, "name": "app" } ],
  "hostPID": true } } },
  "metadata": { "namespace": "shop", "name": "web" }, "kind": "StatefulSet", "apiVersion": "apps/v1beta2" }
`;
    const prints = (yaml: string): string[] =>
      findingsOf(yaml)
        .map((finding) => finding.fingerprint)
        .sort();

    expect(prints(STATEFUL_SET)).toHaveLength(4);
    expect(prints(other)).toEqual(prints(STATEFUL_SET));
  });
});

describe('owners', () => {
  it('take the findings of their pods, and a pod that differs in nothing adds nothing', () => {
    const findings = findingsOf([STATEFUL_SET, POD('web-a', SPEC), POD('web-b', SPEC)].join('---\n'));

    expect(findings).toHaveLength(4);
    expect(findings.every(({ resource }) => resource.kind === 'StatefulSet')).toBe(true);
  });

  it('take what only a pod has, once for all their pods', () => {
    const injected = `${SPEC}\n        - { name: injected, securityContext: { privileged: true } }`;
    const findings = findingsOf([STATEFUL_SET, POD('web-a', injected), POD('web-b', injected)].join('---\n'));

    expect(findings.filter(({ container }) => container === 'injected')).toMatchObject([
      { resource: { kind: 'StatefulSet', name: 'web' }, control: 'privileged' },
    ]);
  });
});

describe('toFinding', () => {
  it('keeps a secret in an unnamed item out of the fingerprint', () => {
    const onArgs = defineControl({
      ...TEXT,
      id: 'on-args',
      message: 'Args.',
      appliesTo: containers,
      looks: 'object',
      reads: [],
      *evaluate({ at }) {
        yield at(['args', 0]);
      },
    });
    const print = (password: string): string | undefined => {
      const [pod] = resourcesOf(
        `{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: a, args: ["--password=${password}"]}]}}`,
      );
      return (
        pod && toFinding(onArgs, pod, { path: ['spec', 'containers', 0, 'args', 0], facts: {} }).fingerprint
      );
    };

    expect(print('hunter2-hunter2')).toBe(print('another-one-9321'));
  });
});
