import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { markClusterAway } from '../write/clusters.ts';
import { type CoverageRecord, writeSight } from '../write/sight.ts';
import { at, TestGathering } from './gathering.testing.ts';
import { planOperations } from './operations.ts';

let gathering: TestGathering;

beforeAll(async () => {
  gathering = await TestGathering.start();
}, 120_000);
beforeEach(() => gathering.reset());
afterAll(() => gathering?.stop());

/** The cluster is seen, but for what coverage says. */
function seen({ store, cluster }: TestGathering, minute: number, coverage: readonly CoverageRecord[] = []) {
  const sight = {
    at: at(minute),
    lastSeen: at(minute),
    reason: null,
    kinds: [],
    unserved: [],
    hasJudged: true,
  };
  return writeSight(store, cluster, { ...sight, state: 'live', coverage });
}

/** What is told of the cluster by some minute, in all messages about it. */
async function told({ store }: TestGathering, minute: number): Promise<readonly string[]> {
  await planOperations(store, at(minute), (id, { type }) => ({ id, type }));
  const { rows } = await store.pool.query<{ type: string }>(
    `select message->>'type' as type from delivery where topic = 'operations' order by id`,
  );
  return rows.map(({ type }) => type);
}

const LOST: CoverageRecord = {
  code: 'kind-not-readable',
  subject: 'Secret',
  kind: 'lost',
  reason: 'may not list Secrets',
  remedy: null,
};

describe('what was told of a cluster, where a backup is put back meanwhile', () => {
  it('is not told again, and that it is back is told once', async () => {
    await gathering.route({ about: 'operations' });
    await seen(gathering, 0);
    await markClusterAway(gathering.store, gathering.cluster, 'connection refused');
    expect(await told(gathering, 6)).toEqual(['away']);
    const again = await gathering.restored();
    try {
      expect(await told(again, 7)).toEqual(['away']);
      await seen(again, 8);

      expect(await told(again, 8)).toEqual(['away', 'back']);
      expect(await told(again, 9)).toEqual(['away', 'back']);
    } finally {
      await again.store.close();
    }
  });

  it('is told once where less of it is seen', async () => {
    await gathering.route({ about: 'operations' });
    await seen(gathering, 1, [LOST]);
    expect(await told(gathering, 7)).toEqual(['coverage']);
    const again = await gathering.restored();
    try {
      await seen(again, 8, [LOST]);

      expect(await told(again, 20)).toEqual(['coverage']);
    } finally {
      await again.store.close();
    }
  });
});
