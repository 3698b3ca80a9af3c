import { World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { quotaDemands } from './resource-quotas.ts';

const quota = (name: string, spec: string, namespace = 'shop') =>
  `{apiVersion: v1, kind: ResourceQuota, metadata: {name: ${name}, namespace: ${namespace}}, spec: ${spec}}`;

describe('quota demands', () => {
  it.each([
    ['no quota', ['{}'], []],
    ['requests by either name', [quota('q', '{hard: {cpu: 1, requests.cpu: 1}}')], ['requests.cpu q']],
    [
      'several quotas',
      [quota('a', '{hard: {limits.memory: 1Gi, pods: 9}}'), quota('b', '{hard: {memory: 1Gi}}')],
      ['limits.memory a', 'requests.memory b'],
    ],
    [
      'nothing that counts without being stated',
      [quota('q', '{hard: {requests.ephemeral-storage: 1, requests.storage: 1, services: 1}}')],
      [],
    ],
    ['a quota for some pods', [quota('q', '{hard: {cpu: 1}, scopes: [Terminating]}')], []],
    [
      'a quota for some priorities',
      [quota('q', '{hard: {cpu: 1}, scopeSelector: {matchExpressions: []}}')],
      [],
    ],
    ['a quota of another namespace', [quota('q', '{hard: {cpu: 1}}', 'other')], []],
    ['hard that is no mapping', [quota('q', '{hard: [cpu]}')], []],
  ])('of a namespace with %s', (_name, documents, expected) => {
    const { world } = World.of(resourcesOf(documents.join('\n---\n')));
    const found = world.get(quotaDemands).of('shop');

    expect(found.map((demand) => `${demand.field}.${demand.name} ${demand.quota}`)).toEqual(expected);
  });
});
