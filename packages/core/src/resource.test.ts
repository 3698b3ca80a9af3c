import { expect, it } from 'vitest';
import type { JsonObject } from './json.ts';
import type { Origin } from './origin.ts';
import { namespaceOf, toResource } from './resource.ts';

it.each([
  ['a Pod', { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' }, 'shop'],
  ['a Namespace', { apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'shop' }, 'shop'],
  ['a Namespace, by its stored kind alone', { kind: 'Namespace', namespace: '', name: 'shop' }, 'shop'],
  ['a Node', { apiVersion: 'v1', kind: 'Node', namespace: '', name: 'shop' }, ''],
  [
    'what another group calls a Namespace',
    { apiVersion: 'eventhub.example.com/v1', kind: 'Namespace', namespace: '', name: 'shop' },
    '',
  ],
  [
    'what another group calls a Namespace, by its stored kind',
    { kind: 'eventhub.example.com/Namespace', namespace: 'bus', name: 'shop' },
    'bus',
  ],
])('%s lies in the namespace of its name or of its own', (_what, object, expected) => {
  expect(namespaceOf(object)).toBe(expected);
});

const FILE: Origin = {
  kind: 'file',
  lines: { file: 'a.yaml', lineStarts: Uint32Array.of(0) },
  document: 0,
  offsets: new Uint32Array(4),
  node: 0,
};
const CLUSTER: Origin = { kind: 'cluster', cluster: 'c', resourceVersion: '1' };
const RUNTIME = {
  apiVersion: 'serving.kserve.io/v1alpha1',
  kind: 'ClusterServingRuntime',
  spec: { containers: [{ name: 'a', image: 'x:1' }] },
};
const POD = { apiVersion: 'v1', kind: 'Pod', spec: { containers: [] } };

it.each<[string, Origin, JsonObject, JsonObject, string]>([
  ['a Pod of a file that names none', FILE, POD, { name: 'a' }, 'default'],
  ['a custom object of a file that has pods and names none', FILE, RUNTIME, { name: 'a' }, 'default'],
  ['a custom object of a cluster that has pods and names none', CLUSTER, RUNTIME, { name: 'a' }, ''],
  ['what a file has of a cluster', FILE, RUNTIME, { name: 'a', uid: 'u' }, ''],
  ['what names one', CLUSTER, RUNTIME, { name: 'a', namespace: 'shop' }, 'shop'],
  ['a Node', FILE, { apiVersion: 'v1', kind: 'Node' }, { name: 'a' }, ''],
])('%s lies in a namespace, or in none', (_what, origin, object, metadata, namespace) => {
  const resource = toResource({ ...object, metadata }, origin);
  expect(resource.namespace).toBe(namespace);
  expect(resource.key.split('|').slice(1)).toEqual([namespace, 'a']);
});
