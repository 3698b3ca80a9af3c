import { podsMadeAlike, versionsMadeAlike } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { hash128 } from '../hash.ts';
import { canonicalJson, type JsonObject } from '../json.ts';
import { pod } from './pod.testing.ts';
import { contentHash, joinContent, type SecurityContent, securityContent } from './security-content.ts';

function texts(content: SecurityContent): string {
  return canonicalJson({ ...content });
}

describe('securityContent', () => {
  const status = (time: string, restarts: number): JsonObject => ({
    phase: 'Running',
    podIP: '10.0.0.1',
    conditions: [{ type: 'Ready', status: 'True', lastProbeTime: time }],
    containerStatuses: [
      { name: 'b', ready: restarts > 0, restartCount: restarts, imageID: 'sha256:2', containerID: time },
      { name: 'a', ready: true, restartCount: 0, imageID: 'sha256:1' },
      { name: 'c', imageID: '' },
    ],
  });
  const owner = { kind: 'ReplicaSet', name: 'api' };
  const HEARTBEATS: readonly [what: string, before: JsonObject, after: JsonObject][] = [
    [
      'a pod that was restarted',
      pod({ name: 'p', owner, labels: {}, status: status('1', 0) }),
      pod({ name: 'p', owner, labels: {}, status: status('2', 9) }),
    ],
    [
      'a node that was heard from',
      node({ heartbeat: '2026-11-01T00:00:00Z', images: [] }),
      node({ heartbeat: '2026-11-01T00:05:00Z', images: [{ names: ['a'], sizeBytes: 1 }] }),
    ],
    [
      'an autoscaler that has looked',
      {
        apiVersion: 'autoscaling/v1',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'h' },
        status: { currentReplicas: 1 },
      },
      {
        apiVersion: 'autoscaling/v1',
        kind: 'HorizontalPodAutoscaler',
        metadata: {
          name: 'h',
          resourceVersion: '2',
          annotations: { 'autoscaling.alpha.kubernetes.io/conditions': '[]' },
        },
        status: { currentReplicas: 2 },
      },
    ],
    [
      'a definition whose schema got a description',
      definition({ type: 'object' }),
      definition({ type: 'object', description: 'now described' }),
    ],
    [
      'a ConfigMap whose value has another text of the same size',
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: 'one' } },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', managedFields: [] }, data: { a: 'two' } },
    ],
    [
      'a policy report of the same results',
      report({ seconds: 1, nanos: 0 }),
      report({ seconds: 2, nanos: 0 }),
    ],
  ];
  it.each(HEARTBEATS)('is the same for %s', (_what, before, after) => {
    expect(securityContent(after)).toEqual(securityContent(before));
  });

  it.each<[string, JsonObject, JsonObject]>([
    [
      'a label',
      { metadata: { name: 'a', labels: { app: 'x' } } },
      { metadata: { name: 'a', labels: { app: 'y' } } },
    ],
    ['the specification', { spec: { hostPID: true } }, { spec: { hostPID: false } }],
    [
      'the image that runs',
      { status: { containerStatuses: [{ name: 'a', imageID: '1' }] } },
      { status: { containerStatuses: [{ name: 'a', imageID: '2' }] } },
    ],
    ['the node', { spec: { nodeName: 'a' } }, { spec: { nodeName: 'b' } }],
  ])('differs with %s', (_what, before, after) => {
    const of = (parts: JsonObject) => texts(securityContent({ apiVersion: 'v1', kind: 'Pod', ...parts }));

    expect(of(before)).not.toBe(of(after));
  });

  it('keeps of a node what tells its versions and where it is', () => {
    const { body, instance } = securityContent(node({ heartbeat: 'now', images: [] }));

    expect(body['status']).toEqual({
      nodeInfo: { kernelVersion: '6.1', kubeletVersion: 'v1.34.0' },
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
    });
    expect(instance).toEqual({
      metadata: { name: 'n1', labels: { 'kubernetes.io/hostname': 'n1' } },
      spec: { providerID: 'kind://n1' },
      status: { addresses: [{ type: 'InternalIP', address: '10.0.0.1' }] },
    });
  });

  it('keeps of a Secret its type, the names and sizes of its values, and what its certificate says', () => {
    const facts = {
      subject: 'CN=shop',
      issuer: 'CN=ca',
      names: ['shop.example'],
      notBefore: 'a',
      notAfter: 'b',
    };
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: {
        name: 's',
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'aHVudGVyMg==' },
      },
      data: { 'tls.crt': 'UEVN', 'tls.key': 'aHVudGVyMg==', empty: '', odd: 7n },
      stringData: { note: 'grün' },
    };
    const seen: string[] = [];
    const certificateFacts = (pem: string) => {
      seen.push(pem);
      return facts;
    };
    const content = securityContent(secret, { certificateFacts });

    expect(seen).toEqual(['PEM']);
    expect(content.body).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': 3, 'tls.key': 7, empty: 0, odd: 0 },
      stringData: { note: 5 },
      certificate: facts,
    });
    expect(securityContent(joinContent(content))).toEqual(content);
  });

  const planted = 'ghp_0123456789abcdefghijABCDEFGHIJ4EKzlA';
  const PLACES: readonly [where: string, object: JsonObject][] = [
    ['a variable', { spec: { containers: [{ env: [{ name: 'API_TOKEN', value: 'hunter2-hunter3' }] }] } }],
    ['an argument', { spec: { containers: [{ args: ['--password', 'hunter2-hunter3'] }] } }],
    ['a command', { spec: { containers: [{ command: ['sh', '-c', 'x --password=hunter2-hunter3'] }] } }],
    [
      'a header of a probe',
      {
        spec: {
          containers: [
            {
              livenessProbe: {
                httpGet: { httpHeaders: [{ name: 'Authorization', value: 'Basic hunter2-hunter3' }] },
              },
            },
          ],
        },
      },
    ],
    ['a user and password', { spec: { containers: [{ args: ['-u', 'admin:hunter2-hunter3'] }] } }],
    ['an annotation', { metadata: { annotations: { 'example.com/api-token': 'hunter2-hunter3' } } }],
    ['a label', { metadata: { labels: { note: planted } } }],
    ['a custom field', { spec: { deep: [{ adminPassword: 'hunter2-hunter3' }] } }],
    ['a Secret', { kind: 'Secret', data: { a: 'hunter2-hunter3' }, stringData: { b: planted } }],
    ['a Secret that is broken', { kind: 'Secret', data: 'hunter2-hunter3', stringData: [planted] }],
    ['a ConfigMap', { kind: 'ConfigMap', data: { a: planted }, binaryData: { b: 'hunter2-hunter3' } }],
    [
      'the copy that kubectl keeps',
      { metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': planted } } },
    ],
  ];
  it.each(PLACES)('never holds a secret of %s', (_where, object) => {
    const text = texts(securityContent({ apiVersion: 'v1', kind: 'Pod', ...object }));

    expect(text).not.toContain('hunter2');
    expect(text).not.toContain(planted);
  });

  it('leaves the values of labels and selectors, whatever their keys are called', () => {
    const object = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { labels: { 'auth-token': 'v1-a8f3k2' } },
      spec: { selector: { 'auth-token': 'v1-a8f3k2' } },
    };

    expect(joinContent(securityContent(object))).toEqual(object);
  });
});

function node({ heartbeat, images }: { heartbeat: string; images: readonly JsonObject[] }): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1', labels: { 'kubernetes.io/hostname': 'n1', pool: 'a' } },
    spec: { providerID: 'kind://n1', taints: [{ key: 'a', effect: 'NoSchedule' }] },
    status: {
      addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          lastHeartbeatTime: heartbeat,
          message: heartbeat,
        },
      ],
      nodeInfo: { bootID: heartbeat, kernelVersion: '6.1', kubeletVersion: 'v1.34.0' },
      images,
    },
  };
}

function definition(schema: JsonObject): JsonObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.com' },
    spec: {
      group: 'example.com',
      versions: [{ name: 'v1', served: true, schema: { openAPIV3Schema: schema } }],
    },
  };
}

function report(timestamp: JsonObject): JsonObject {
  return {
    apiVersion: 'wgpolicyk8s.io/v1alpha2',
    kind: 'PolicyReport',
    metadata: { name: 'r' },
    results: [{ policy: 'p', result: 'fail', timestamp }],
  };
}

describe('the name of a content', () => {
  it.each([
    ['pods', podsMadeAlike('shop')],
    ['versions', versionsMadeAlike('shop')],
  ])('is its own, also of %s that were made to have one quick hash', (_what, made) => {
    const bodies = made.map((object) => securityContent(object).body);

    expect(new Set(bodies.map((body) => hash128(canonicalJson(body)))).size).toBe(1);
    expect(new Set(bodies.map(contentHash)).size).toBe(2);
  });

  it('is that of what a database keeps of it', () => {
    const odd = { a: [1, { '\0b': '\0', '\ufffdb': 'last' }], '\ud800': null, c: undefined };

    expect(contentHash(odd)).toBe(contentHash({ a: [1, { '\ufffdb': 'last' }], '\ufffd': null }));
    expect(contentHash({ a: '\\u0000' })).not.toBe(contentHash({ a: '\\ufffd' }));
  });
});
