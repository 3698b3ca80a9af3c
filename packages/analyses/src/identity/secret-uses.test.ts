import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { secretUses } from './secret-uses.ts';

function uses(yaml: string) {
  return resourcesOf(yaml).flatMap(secretUses);
}

function pod(spec: string): string {
  return `{ apiVersion: v1, kind: Pod, metadata: { name: p }, spec: ${spec} }`;
}

function volume(source: string): string {
  return pod(`{ containers: [{ name: c }], volumes: [{ name: v, ${source} }] }`);
}

const CASES: readonly (readonly [string, string, object])[] = [
  [
    'a variable',
    pod(
      '{ containers: [{ name: c, env: [{ name: A, valueFrom: { secretKeyRef: { name: s, key: k } } }] }] }',
    ),
    { name: 's', via: 'variable A of container c, key k' },
  ],
  [
    'every key of an init container',
    pod('{ containers: [], initContainers: [{ name: i, envFrom: [{ secretRef: { name: s } }] }] }'),
    { name: 's', via: 'every key as a variable of container i' },
  ],
  ['a volume', volume('secret: { secretName: s }'), { name: 's', via: 'volume v' }],
  [
    'a projected volume',
    volume('projected: { sources: [{ secret: { name: s } }] }'),
    { name: 's', via: 'volume v' },
  ],
  [
    'a driver',
    volume('csi: { driver: d, nodePublishSecretRef: { name: s } }'),
    { name: 's', via: 'volume v' },
  ],
  [
    'images',
    pod('{ containers: [], imagePullSecrets: [{ name: s }] }'),
    { name: 's', via: 'pulling images', isForImages: true },
  ],
  [
    'a service account',
    '{ apiVersion: v1, kind: ServiceAccount, metadata: { name: a }, secrets: [{ name: s }] }',
    { name: 's', via: 'a secret of the service account' },
  ],
  [
    'an Ingress',
    '{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: i }, spec: { tls: [{ hosts: [a, b], secretName: s }] } }',
    { name: 's', via: 'TLS of a, b' },
  ],
  [
    'a Gateway, in another namespace',
    '{ apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: { name: g }, spec: { listeners: [{ name: https, tls: { certificateRefs: [{ name: s, namespace: far }] } }] } }',
    { name: 's', namespace: 'far', via: 'TLS of listener https' },
  ],
  [
    'a persistent volume',
    '{ apiVersion: v1, kind: PersistentVolume, metadata: { name: p }, spec: { csi: { nodeStageSecretRef: { name: s, namespace: far } } } }',
    { name: 's', namespace: 'far', via: 'nodeStageSecretRef' },
  ],
];

describe('the Secrets that an object names', () => {
  it.each(CASES)('are found in %s', (_where, yaml, expected) => {
    expect(uses(yaml)).toEqual([expected]);
  });

  it('are none in what is not what it must be', () => {
    expect(uses(pod('{ containers: 3, volumes: [null, 4, { secret: x }], imagePullSecrets: {} }'))).toEqual(
      [],
    );
  });
});
