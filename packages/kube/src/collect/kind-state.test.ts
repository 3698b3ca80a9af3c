import { describe, expect, it } from 'vitest';
import { isAwaited, isSeen, isTried, type KindSight, printMissingRule } from './kind-state.ts';

describe('a missing right', () => {
  it.each([
    [
      { verbs: ['list', 'watch'], group: '', resource: 'pods', namespaced: true },
      'The right to list and watch pods in all namespaces is missing.',
    ],
    [
      { verbs: ['watch'], group: 'rbac.authorization.k8s.io', resource: 'clusterroles', namespaced: false },
      'The right to watch clusterroles.rbac.authorization.k8s.io is missing.',
    ],
    [{ verbs: ['get'], paths: ['/api', '/apis'] }, 'The right to get /api and /apis is missing.'],
  ])('is said in a sentence: %j', (missing, expected) => {
    expect(printMissingRule(missing)).toBe(expected);
  });
});

describe('how well a kind is seen', () => {
  const missing = { verbs: ['list'], group: '', resource: 'pods', namespaced: true };
  const sights: readonly (readonly [KindSight, seen: boolean, tried: boolean, awaited: boolean])[] = [
    [{ state: 'pending' }, false, false, true],
    [{ state: 'pending', reason: 'etcd is away' }, false, true, true],
    [{ state: 'pending', reason: 'etcd is away', isFresh: true }, false, false, true],
    [{ state: 'listing' }, false, false, true],
    [{ state: 'live' }, true, true, false],
    [{ state: 'polled' }, true, true, false],
    [{ state: 'denied', missing, reason: 'no' }, false, true, false],
    [{ state: 'stale', since: 0, reason: 'gone' }, false, true, false],
    [{ state: 'withheld' }, false, true, false],
    [{ state: 'absent' }, true, true, false],
  ];

  it.each(sights)('%j: seen %s, tried %s, awaited %s', (sight, seen, tried, awaited) => {
    expect([isSeen(sight), isTried(sight), isAwaited(sight)]).toEqual([seen, tried, awaited]);
  });
});
