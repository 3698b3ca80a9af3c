import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type JsonObject } from '../json.ts';
import { contentHash, joinContent, type SecurityContent, securityContent } from './security-content.ts';

const TOKEN_VOLUME = (name: string) => ({
  name,
  projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }] },
});
const TOLERATIONS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map((key) => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

interface PodParts {
  readonly name: string;
  readonly owner: { readonly kind: string; readonly name: string };
  readonly labels: JsonObject;
  readonly annotations?: JsonObject;
  readonly volumes?: readonly JsonObject[];
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
}

/** A pod as an API server gives it. */
function pod({ name, owner, labels, annotations, volumes = [], spec, status }: PodParts): JsonObject {
  const token = `kube-api-access-${name.slice(-5).padStart(5, 'x').replaceAll('-', 'y')}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${owner.name}-`,
      namespace: 'shop',
      uid: `uid-${name}`,
      resourceVersion: String(name.length * 1000),
      generation: 3,
      creationTimestamp: '2026-11-01T00:00:00Z',
      labels: { app: 'api', ...labels },
      ...(annotations && { annotations }),
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          ...owner,
          uid: `uid-${owner.name}`,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      managedFields: [{ manager: 'kubelet', time: '2026-11-01T00:00:00Z' }],
    },
    spec: {
      nodeName: `node-${name.length}`,
      tolerations: [{ key: 'spot', operator: 'Exists' }, ...TOLERATIONS],
      volumes: [...volumes, TOKEN_VOLUME(token)],
      containers: [
        { name: 'app', image: 'shop/api:1', volumeMounts: [{ name: token, mountPath: '/var/run' }] },
      ],
      ...spec,
    },
    status: status ?? { phase: 'Running', podIP: `10.0.0.${name.length}` },
  };
}

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

function texts(content: SecurityContent): string {
  return canonicalJson({ ...content });
}

describe('securityContent', () => {
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

/** Objects made of the fields that the projection looks at, with values that fit or do not. */
const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    'api',
    'kube-api-access-abcde',
    'data-api',
    'data-$(metadata.name)',
    '$(spec.nodeName)',
  ),
  fc.constantFrom<unknown>(
    null,
    true,
    300,
    'Exists',
    'NoExecute',
    'password',
    'hunter2-hunter3',
    '--password',
    '',
  ),
  fc.constantFrom<unknown>(
    'node.kubernetes.io/not-ready',
    'metadata.name',
    'In',
    'DaemonSet',
    'kubernetes.io/tls',
  ),
);
const FIELDS = [
  ...['metadata', 'spec', 'status', 'template', 'selector', 'matchLabels', 'labels', 'annotations', 'name'],
  ...[
    'ownerReferences',
    'kind',
    'volumes',
    'persistentVolumeClaim',
    'claimName',
    'containers',
    'volumeMounts',
  ],
  ...['tolerations', 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'values'],
  ...[
    'nodeSelectorTerms',
    'matchFields',
    'operator',
    'key',
    'effect',
    'tolerationSeconds',
    'nodeName',
    'hostname',
  ],
  ...[
    'data',
    'stringData',
    'type',
    'versions',
    'schema',
    'results',
    'timestamp',
    'claimRef',
    'uid',
    'env',
    'value',
  ],
  ...[
    'job-name',
    'pod-template-hash',
    'controller-uid',
    'kubernetes.io/config.mirror',
    'password',
    '__proto__',
  ],
  ...[
    'jobTemplate',
    'conditions',
    'addresses',
    'nodeInfo',
    'containerStatuses',
    'imageID',
    'loadBalancer',
    'args',
  ],
];
const { value: anything } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(fc.constantFrom(...FIELDS), tie('value')), { maxLength: 5 }).map(Object.fromEntries),
  ),
}));
const part = fc
  .array(fc.tuple(fc.constantFrom(...FIELDS), anything), { maxLength: 6 })
  .map((entries) => Object.fromEntries(entries) as JsonObject);
const objects = fc
  .record({
    kind: fc.constantFrom(
      ...[
        ['v1', 'Pod'],
        ['v1', 'Node'],
        ['v1', 'Secret'],
        ['v1', 'ConfigMap'],
        ['v1', 'PersistentVolume'],
      ],
      ...[
        ['batch/v1', 'Job'],
        ['batch/v1', 'CronJob'],
        ['apps/v1', 'ReplicaSet'],
        ['apps/v1', 'Deployment'],
      ],
      ...[
        ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
        ['example.com/v1', 'Thing'],
        ['v1', 'Service'],
      ],
    ),
    fields: part,
    metadata: fc.oneof(part, anything),
    spec: fc.oneof(part, anything),
    status: fc.oneof(part, anything),
  })
  .map(
    ({ kind: [apiVersion, kind], fields, ...parts }) =>
      ({ ...fields, ...parts, apiVersion, kind }) as JsonObject,
  );

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) frozen(item);
  return Object.freeze(value);
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, reversed(item)]),
  );
}

describe('securityContent of any object', () => {
  it('is the content of what it joins to, and changes nothing of what it is given', () => {
    fc.assert(
      fc.property(objects, (object) => {
        const content = securityContent(frozen(object));

        expect(securityContent(frozen(joinContent(content)))).toEqual(content);
      }),
      { numRuns: 3000 },
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(objects, (object) => {
        expect(texts(securityContent(reversed(object) as JsonObject))).toBe(texts(securityContent(object)));
      }),
      { numRuns: 1000 },
    );
  });
});
