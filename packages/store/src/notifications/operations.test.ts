import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ClusterState, markClusterAway } from '../write/clusters.ts';
import { type CoverageRecord, writeSight } from '../write/sight.ts';
import { at, TestGathering } from './gathering.testing.ts';
import { planOperations } from './operations.ts';

let gathering: TestGathering;

beforeAll(async () => {
  gathering = await TestGathering.start();
}, 120_000);
beforeEach(() => gathering.reset());
afterAll(() => gathering?.stop());

/** The cluster is seen, or is in another state, but for what coverage says. */
function seen(
  { store, cluster }: TestGathering,
  minute: number,
  coverage: readonly CoverageRecord[] = [],
  state: ClusterState = 'live',
) {
  const sight = {
    at: at(minute),
    lastSeen: at(minute),
    reason: null,
    kinds: [],
    unserved: [],
    hasJudged: true,
  };
  return writeSight(store, cluster, { ...sight, state, coverage });
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

const STALE: CoverageRecord = { ...LOST, code: 'stale-kind', subject: 'Pod', reason: 'Not seen since then' };

describe('what a cluster lacks that is seen again', () => {
  /** It is away from the first minute on, as all its kinds, and seen again from the twentieth, with what it lacks then. */
  const backAfter = async (coverage: readonly CoverageRecord[]): Promise<void> => {
    await gathering.route({ about: 'operations' });
    await seen(gathering, 0);
    await seen(gathering, 1, [STALE], 'stale');
    expect(await told(gathering, 19)).toEqual(['away']);
    await seen(gathering, 20, coverage);
  };

  it('is not told where it comes back a moment later', async () => {
    await backAfter([STALE]);
    expect(await told(gathering, 20)).toEqual(['away', 'back']);
    await seen(gathering, 21);

    expect(await told(gathering, 60)).toEqual(['away', 'back']);
  });

  it('is told where it does not come back, as late as what is lost in a cluster that is seen', async () => {
    await backAfter([STALE]);
    expect(await told(gathering, 24)).toEqual(['away', 'back']);

    expect(await told(gathering, 25)).toEqual(['away', 'back', 'coverage']);
    expect(await told(gathering, 60)).toEqual(['away', 'back', 'coverage']);
  });

  it('is told as late also where it was lacking before the cluster was away', async () => {
    await gathering.route({ about: 'operations' });
    await seen(gathering, 0);
    await seen(gathering, 1, [LOST]);
    await markClusterAway(gathering.store, gathering.cluster, 'connection refused');
    await seen(gathering, 4, [LOST]);
    expect(await told(gathering, 8)).toEqual([]);

    expect(await told(gathering, 9)).toEqual(['coverage']);
  });

  it('is not told again where the outage hid it for a moment', async () => {
    const HIDDEN: CoverageRecord = { ...LOST, code: 'unlisted-kind', reason: 'connection refused' };
    await gathering.route({ about: 'operations' });
    await seen(gathering, 1, [LOST]);
    expect(await told(gathering, 6)).toEqual(['coverage']);
    await seen(gathering, 7, [HIDDEN], 'stale');
    await seen(gathering, 20, [HIDDEN]);
    expect(await told(gathering, 20)).toEqual(['coverage']);
    await seen(gathering, 21, [LOST]);

    expect(await told(gathering, 60)).toEqual(['coverage']);
    await seen(gathering, 61);
    expect(await told(gathering, 62)).toEqual(['coverage']);
    await seen(gathering, 63, [LOST]);
    expect(await told(gathering, 68)).toEqual(['coverage', 'coverage']);
  });

  it('is told as if nothing had been where a hub only began anew with it', async () => {
    await gathering.route({ about: 'operations' });
    await seen(gathering, 0);
    await seen(gathering, 1, [LOST]);
    await seen(gathering, 4, [LOST], 'syncing');
    await seen(gathering, 5, [LOST]);

    expect(await told(gathering, 6)).toEqual(['coverage']);
  });
});

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
