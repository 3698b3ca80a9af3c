import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LeaseLost } from '../lease.ts';
import { applyBatch } from './apply.ts';
import { type Link, lastWriteOf, WriteMissing } from './last-write.ts';
import { NOON, RecordedCluster } from './recorded.testing.ts';
import { noteSeen, type Sight, writeSight } from './sight.ts';

const NOTHING = { at: NOON, resources: [], removed: [], resolved: [] };
const SIGHT: Sight = {
  ...{ at: NOON, state: 'live', reason: null, lastSeen: NOON, kinds: [], unserved: [], hasJudged: true },
  coverage: [],
};

let cluster: RecordedCluster;
let last: string;

beforeAll(async () => {
  cluster = await RecordedCluster.start();
}, 60_000);

afterAll(() => cluster?.stop());

beforeEach(async () => {
  last = await lastWriteOf(cluster.store, cluster.id);
});

const linked = (after: string): Link => ({ after, name: randomUUID() });
const write = (name: string, link: Link, session?: number): Promise<void> =>
  applyBatch(cluster.store, cluster.id, { ...NOTHING, findings: [cluster.finding(name)], link, session });
const written = async (): Promise<readonly string[]> =>
  (await cluster.store.pool.query<{ name: string }>('select name from finding order by name')).rows.map(
    ({ name }) => name,
  );

describe('what is written of a cluster', () => {
  it('builds on what was written before, also where the answer to that was lost and it was tried again', async () => {
    const first = linked(last);
    for (const _ of [1, 2]) await write('a', first);
    const second = linked(first.name);
    await writeSight(cluster.store, cluster.id, SIGHT, { link: second });
    await write('b', linked(second.name));

    expect(await written()).toEqual(['a', 'b']);
  });

  it('is refused where what it builds on is missing, so that nothing of it stays', async () => {
    const { store, id } = cluster;
    const before = await written();
    const lost = linked(randomUUID());

    for (const act of [
      () => write('lost', lost),
      () => writeSight(store, id, { ...SIGHT, state: 'stale' }, { link: lost }),
      () => noteSeen(store, id, NOON, { link: lost }),
      () => lastWriteOf(store, id + 1),
    ])
      await expect(act()).rejects.toBeInstanceOf(WriteMissing);

    expect(await written()).toEqual(before);
    expect(await lastWriteOf(store, id)).toBe(last);
  });

  it('waits for the lease where another hub has it, which may have written', async () => {
    await expect(write('lost', linked(randomUUID()), 1)).rejects.toBeInstanceOf(LeaseLost);
    const { store, id } = cluster;
    const other = { link: linked(randomUUID()), session: 1 };
    await expect(noteSeen(store, id, NOON, other)).rejects.toBeInstanceOf(LeaseLost);
  });

  it('is no trial, nor that a cluster is seen still', async () => {
    const { store, id } = cluster;
    await applyBatch(store, id, {
      ...NOTHING,
      findings: [cluster.finding('tried')],
      link: linked(last),
      isTrial: true,
    });
    await noteSeen(store, id, NOON, { link: linked(last) });

    expect(await lastWriteOf(store, id)).toBe(last);
  });
});
