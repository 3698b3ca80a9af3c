import { type Resource, World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { userIds } from './user-ids.ts';

function pod(name: string, spec: string, metadata = ''): string {
  return `{apiVersion: v1, kind: Pod, metadata: {name: ${name}${metadata}}, spec: ${spec}}`;
}

describe('user ids', () => {
  it.each([
    ['nobody', [], undefined],
    ['by the pod', [pod('b', '{securityContext: {runAsUser: 7}, containers: [{name: c}]}')], 'b'],
    ['by one container', [pod('b', '{containers: [{name: c, securityContext: {runAsUser: 7}}]}')], 'b'],
    [
      'overridden',
      [
        pod(
          'b',
          '{securityContext: {runAsUser: 7}, containers: [{name: c, securityContext: {runAsUser: 8}}]}',
        ),
      ],
      undefined,
    ],
    [
      'in a user namespace',
      [pod('b', '{hostUsers: false, securityContext: {runAsUser: 7}, containers: [{name: c}]}')],
      undefined,
    ],
    [
      'one that something controls',
      [
        pod(
          'b',
          '{securityContext: {runAsUser: 7}, containers: [{name: c}]}',
          ', ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: b, controller: true}]',
        ),
      ],
      undefined,
    ],
    [
      'one that only goes with another object',
      [
        pod(
          'b',
          '{securityContext: {runAsUser: 7}, containers: [{name: c}]}',
          ', ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: b}]',
        ),
      ],
      'b',
    ],
    [
      'the first of two',
      [
        pod('b', '{securityContext: {runAsUser: 7}, containers: [{name: c}]}'),
        pod('d', '{securityContext: {runAsUser: 7}, containers: [{name: c}]}'),
      ],
      'b',
    ],
  ])('finds another with the same id: %s', (_name, documents, expected) => {
    const own = pod('a', '{securityContext: {runAsUser: 7}, containers: [{name: c}]}');
    const resources = resourcesOf([own, ...documents].join('\n---\n'));
    const found = World.of(resources).world.get(userIds);

    expect(found.otherWith(7, resources[0] as Resource)?.name).toBe(expected);
  });
});
