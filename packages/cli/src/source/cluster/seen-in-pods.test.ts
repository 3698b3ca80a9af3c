import type { JsonObject } from '@bulwark/core';
import { podsMadeAlike } from '@bulwark/testkit';
import { expect, it } from 'vitest';
import { scanCluster } from '../../scan/scanned.testing.ts';

const EXCEPTION = { 'bulwark.dev/except.privileged-container': 'It reads the disks.; owner=ann' };
const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kaf' } };

/** One of the pods that an operator makes itself. */
function pod(name: string, annotations: JsonObject = {}): JsonObject {
  const controller = {
    apiVersion: 'strimzi.io/v1',
    kind: 'StrimziPodSet',
    name: 'kafka',
    uid: 'u',
    controller: true,
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'kaf',
      labels: { 'example.com/name': name },
      annotations,
      ownerReferences: [controller],
    },
    spec: { containers: [{ name: 'kafka', image: 'x:1', securityContext: { privileged: true } }] },
    status: { phase: 'Running' },
  };
}

const privileged = async (...objects: readonly JsonObject[]) =>
  (await scanCluster([NAMESPACE, ...objects])).findings
    .filter(({ control }) => control === 'privileged-container')
    .map(({ resource: { kind, namespace, name } }) => `${kind} ${namespace}/${name}`);

it('a scan of a cluster tells the findings of pods once, on what they say controls them', async () => {
  expect(await privileged(pod('kafka-0'), pod('kafka-1'))).toEqual(['StrimziPodSet kaf/kafka']);
});

it('a scan of a cluster accepts such a finding where all the pods that show it do', async () => {
  const areOpen = async (...objects: readonly JsonObject[]) =>
    (await scanCluster([NAMESPACE, ...objects])).findings
      .filter(({ control }) => control === 'privileged-container')
      .map((found) => !('exception' in found));

  expect(await areOpen(pod('kafka-0', EXCEPTION), pod('kafka-1', EXCEPTION))).toEqual([false]);
  expect(await areOpen(pod('kafka-0', EXCEPTION), pod('kafka-1'))).toEqual([true]);
  expect(await areOpen(pod('kafka-0'), pod('kafka-1', EXCEPTION))).toEqual([true]);
});

it('a scan of a cluster judges a pod that was made to look like a harmless one', async () => {
  expect(await privileged(...podsMadeAlike('kaf'))).toEqual(['Op kaf/o']);
});
