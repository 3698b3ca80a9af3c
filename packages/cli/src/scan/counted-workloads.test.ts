import type { JsonObject } from '@bulwark/core';
import { expect, it } from 'vitest';
import { bulwark } from '../run.testing.ts';
import { scan, scanCluster, written } from './scanned.testing.ts';

const TEMPLATE = { spec: { containers: [{ name: 'a', image: 'example.com/a:1' }] } };

interface Named {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

function object({ apiVersion, kind, name }: Named, owner?: Named, rest: JsonObject = {}): JsonObject {
  const owners = owner && { ownerReferences: [{ ...owner, uid: 'u', controller: true }] };
  return { apiVersion, kind, metadata: { name, namespace: 'ci', ...owners }, ...rest };
}

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const REPLICA_SET = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1' };
const PIPELINE = { apiVersion: 'tekton.dev/v1', kind: 'PipelineRun', name: 'build' };
const TASK = { apiVersion: 'tekton.dev/v1', kind: 'TaskRun', name: 'build-1' };
const TASK_2 = { ...TASK, name: 'build-2' };

const pod = (name: string, owner?: Named, phase = 'Running'): JsonObject =>
  object({ apiVersion: 'v1', kind: 'Pod', name }, owner, { spec: TEMPLATE.spec, status: { phase } });
const deployed = [
  object(DEPLOYMENT, undefined, { spec: { template: TEMPLATE } }),
  object(REPLICA_SET, DEPLOYMENT, { spec: { replicas: 2, template: TEMPLATE } }),
];

it.each<[string, number, readonly JsonObject[]]>([
  [
    'pods of a Deployment with it',
    1,
    [...deployed, pod('web-1-a', REPLICA_SET), pod('web-1-b', REPLICA_SET)],
  ],
  ['pods of nobody one by one, also where they have ended', 2, [pod('a'), pod('b', undefined, 'Succeeded')]],
  ['pods of a controller without a template with that', 1, [pod('a', TASK), pod('b', TASK)]],
  ['pods of several of them with each', 2, [pod('a', TASK), pod('b', TASK), pod('c', TASK_2)]],
  ['no such pods that have ended', 1, [pod('a', TASK), pod('b', TASK_2, 'Succeeded')]],
  [
    'pods below what has a template with that',
    1,
    [
      object(PIPELINE, undefined, { spec: { template: TEMPLATE } }),
      object(TASK, PIPELINE),
      object(TASK_2, PIPELINE),
      pod('a', TASK),
      pod('b', TASK),
    ],
  ],
  ['pods of one that is there, and has none either', 1, [object(TASK, PIPELINE), pod('a', TASK)]],
  ['no pods of a ReplicaSet that was not read', 0, [pod('a', REPLICA_SET)]],
])('a scan of a dump, of a cluster, and psa count %s', async (_what, expected, objects) => {
  const dump = written({ 'dump.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }) });
  const psa = await bulwark(['psa', dump, '--no-config', '-f', 'json'], '/');
  const { namespaces } = JSON.parse(psa.out) as {
    readonly namespaces: readonly { readonly workloads: number }[];
  };

  expect([
    (await scan(dump)).summary.workloads,
    (await scanCluster(objects)).summary.workloads,
    namespaces[0]?.workloads,
  ]).toEqual([expected, expected, expected]);
});

it('psa says the level of pods of which the controller was not read', async () => {
  const dump = written({ 'pod.json': JSON.stringify(pod('a', REPLICA_SET)) });

  const { out } = await bulwark(['psa', dump, '--no-config'], '/');

  expect(out).toContain('ci: baseline would pass (it enforces nothing by its manifest)');
});
