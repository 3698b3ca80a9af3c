import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json.ts';
import { pod } from './pod.testing.ts';
import { contentHash, joinContent, securityContent } from './security-content.ts';

const claim = (name: string) => ({ name: 'data', persistentVolumeClaim: { claimName: name } });
const onNode = (name: string) => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] }],
      },
    },
  },
});

const SIBLINGS: readonly [of: string, pods: readonly JsonObject[]][] = [
  [
    'a Deployment, over two revisions of the same template',
    ['api-7d9f4-abcde', 'api-6c5b8-fghij'].map((name) =>
      pod({
        name,
        owner: { kind: 'ReplicaSet', name: name.slice(0, 9) },
        labels: { 'pod-template-hash': name.slice(4, 9) },
        annotations: {
          'cni.projectcalico.org/podIP': `10.0.0.1/${name.length}`,
          'kubectl.kubernetes.io/restartedAt': name,
        },
      }),
    ),
  ],
  [
    'a StatefulSet',
    ['db-0', 'db-12'].map((name) =>
      pod({
        name,
        owner: { kind: 'StatefulSet', name: 'db' },
        labels: { 'statefulset.kubernetes.io/pod-name': name, 'apps.kubernetes.io/pod-index': name.slice(3) },
        volumes: [claim(`data-${name}`)],
        spec: { hostname: name, subdomain: 'db', nodeName: 'node-1', containers: [] },
      }),
    ),
  ],
  [
    'a DaemonSet',
    ['agent-abcde', 'agent-fghijk'].map((name) =>
      pod({
        name,
        owner: { kind: 'DaemonSet', name: 'agent' },
        labels: { 'controller-revision-hash': name, 'pod-template-generation': '1' },
        spec: { nodeName: `node-${name.length}`, ...onNode(`node-${name.length}`), containers: [] },
      }),
    ),
  ],
  [
    'a CronJob, over two Jobs',
    ['backup-1-abcde', 'backup-29-fghij'].map((name) =>
      pod({
        name,
        owner: { kind: 'Job', name: name.slice(0, -6) },
        labels: { 'job-name': name, 'batch.kubernetes.io/job-name': name, 'controller-uid': name },
        annotations: { 'batch.kubernetes.io/job-completion-index': '1' },
      }),
    ),
  ],
];

const job = (name: string): JsonObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: {
    name,
    labels: { app: 'backup', 'job-name': name },
    annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': name },
  },
  spec: {
    selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': name } },
    template: {
      metadata: {
        creationTimestamp: null,
        labels: { app: 'backup', 'batch.kubernetes.io/controller-uid': name },
      },
      spec: { containers: [] },
    },
  },
  status: { active: 1, startTime: '2026-11-01T00:00:00Z' },
});

describe('securityContent of siblings', () => {
  it.each(SIBLINGS)('has one body for the pods of %s', (_of, pods) => {
    const contents = pods.map((each) => securityContent(each));

    expect(new Set(contents.map(({ body }) => contentHash(body))).size).toBe(1);
    expect(new Set(contents.map(({ instance }) => contentHash(instance))).size).toBe(pods.length);
  });

  it.each(SIBLINGS)('gives analyses the labels, claims and nodes of the pods of %s', (_of, pods) => {
    for (const each of pods) {
      const joined = joinContent(securityContent(each));
      const at = (object: JsonObject, ...path: string[]) =>
        path.reduce<unknown>((value, key) => (value as JsonObject | undefined)?.[key], object);

      for (const path of [
        ['metadata', 'labels'],
        ['metadata', 'name'],
        ['spec', 'nodeName'],
        ['spec', 'affinity'],
      ])
        expect(at(joined, ...path)).toEqual(at(each, ...path));
      const claims = (object: JsonObject) =>
        (at(object, 'spec', 'volumes') as JsonObject[]).map((volume) => volume['persistentVolumeClaim']);
      expect(claims(joined)).toEqual(claims(each));
    }
  });

  it('has one body for the Jobs of a CronJob, whose labels are in the instance', () => {
    const [first, second] = [securityContent(job('backup-1')), securityContent(job('backup-2'))];

    expect(contentHash(first.body)).toBe(contentHash(second.body));
    expect(joinContent(first)['spec']).toEqual({
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'backup-1' } },
      template: {
        metadata: { labels: { app: 'backup', 'batch.kubernetes.io/controller-uid': 'backup-1' } },
        spec: { containers: [] },
      },
    });
  });
});
