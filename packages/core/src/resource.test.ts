import { expect, it } from 'vitest';
import { namespaceOf } from './resource.ts';

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
