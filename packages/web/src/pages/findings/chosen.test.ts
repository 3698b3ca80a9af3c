import type { FindingItem } from '@bulwark/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { item } from '../exceptions/item.testing.ts';
import { acceptableOf, acceptChosen, needsApproval } from './chosen.ts';

const WHY = { reason: 'It goes away next week.' };

/** What the hub is asked: the path and the cluster. */
let asked: string[];
/** The clusters in which the hub does not answer. */
let failing: Set<number>;
/** The clusters in which a second person has to approve. */
let strict: Set<number>;

beforeEach(() => {
  asked = [];
  failing = new Set();
  strict = new Set();
  vi.stubGlobal('fetch', async (path: string, { body }: { readonly body: string }) => {
    const { clusters } = JSON.parse(body).scope as { readonly clusters: readonly [number] };
    asked.push(`${path} ${clusters[0]}`);
    if (failing.has(clusters[0])) throw new Error('the connection was cut');
    const answer = path.endsWith('/preview')
      ? { covers: 1, advice: [], needsApproval: strict.has(clusters[0]) }
      : item({});
    return Response.json(answer);
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function finding(cluster: number, state: FindingItem['state'] = 'open'): FindingItem {
  return {
    cluster: { id: cluster, name: `c${cluster}` },
    fingerprint: `f${cluster}`,
    state,
    resource: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'agent' },
  } as FindingItem;
}

describe('findings of several clusters', () => {
  const chosen = { findings: [finding(1), finding(2), finding(3)] };

  it('are accepted where they are not yet, after it failed in one of them', async () => {
    const done = new Set<number>();
    failing.add(2);
    await expect(acceptChosen(chosen, WHY, done)).rejects.toThrow();
    failing.clear();
    await acceptChosen(chosen, WHY, done);

    expect(asked).toEqual([1, 2, 2, 3].map((cluster) => `/api/v1/exceptions ${cluster}`));
  });

  it.each([
    ['nowhere', [], 'none'],
    ['in one of them', [2], ['c2']],
    ['everywhere', [1, 2, 3], 'all'],
  ])('need a second person %s, which is said', async (_where, clusters, answer) => {
    strict = new Set(clusters);

    expect(await needsApproval(chosen)).toEqual(answer);
  });

  it('that are resolved are not accepted, nor counted as what will be', async () => {
    const some = { findings: [finding(1), finding(2, 'resolved')] };
    await acceptChosen(some, WHY, new Set());

    expect([acceptableOf(some), asked]).toEqual([1, ['/api/v1/exceptions 1']]);
  });
});
