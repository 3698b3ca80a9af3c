import { type JsonObject, toResource } from '@bulwark/core';
import { expect, it } from 'vitest';
import { draftOf } from './row.ts';

function managersOf(kind: string, metadata: JsonObject): readonly string[] {
  const managedFields = [{ manager: 'kubectl-annotate', operation: 'Update', time: '2026-11-26T10:00:00Z' }];
  const object = { apiVersion: 'v1', kind, metadata: { name: 'shop', managedFields, ...metadata } };
  const origin = { kind: 'cluster', cluster: '', resourceVersion: '' } as const;
  return draftOf(toResource(object, origin)).actor.managers;
}

it.each([
  ['that it ends is of no program that wrote a Namespace before', 'Namespace', '2026-11-26T10:00:30Z', []],
  [
    'what is written while a Namespace ends is of who wrote it',
    'Namespace',
    '2026-11-26T09:59:30Z',
    ['kubectl-annotate'],
  ],
  ['another object is of who wrote it last', 'ConfigMap', '2026-11-26T10:00:30Z', ['kubectl-annotate']],
])('%s', (_what, kind, deletionTimestamp, expected) => {
  expect(managersOf(kind, { deletionTimestamp })).toEqual(expected);
  expect(managersOf(kind, {})).toEqual(['kubectl-annotate']);
});

it.each([
  ['of the scale is of the object', 'scale', ['kubectl']],
  ['of the status is not', 'status', ['kubectl-annotate']],
])('what wrote %s', (_what, subresource, expected) => {
  const earlier = { manager: 'kubectl-annotate', operation: 'Update', time: '2026-11-26T10:00:00Z' };
  const later = { manager: 'kubectl', operation: 'Update', time: '2026-11-26T10:00:05Z', subresource };

  expect(managersOf('ConfigMap', { managedFields: [earlier, later] })).toEqual(expected);
});
