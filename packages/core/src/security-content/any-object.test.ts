import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type JsonObject } from '../json.ts';
import { joinContent, type SecurityContent, securityContent } from './security-content.ts';
import { withoutHeartbeats } from './without-heartbeats.ts';

function texts(content: SecurityContent): string {
  return canonicalJson({ ...content });
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

  it('is that of the object without heartbeats', () => {
    fc.assert(
      fc.property(objects, (object) => {
        expect(securityContent(withoutHeartbeats(frozen(object)))).toEqual(securityContent(object));
      }),
      { numRuns: 1000 },
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
