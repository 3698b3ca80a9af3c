import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusterMetrics } from './cluster-checks.ts';
import { TestHub } from './test-cluster.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date('2026-11-01T10:00:00Z'));
}, 60_000);

afterAll(() => hub?.stop());

describe('figures of clusters for those who alarm', () => {
  it('have one series for a name: live where all of that name are, else since the one that is away the longest', async () => {
    for (const [number, name, state, seen] of [
      [1, 'twice', 'live', '2026-11-01T09:00:00Z'],
      [2, 'twice', 'stale', '2026-11-01T08:00:00Z'],
      [3, 'twice', 'stale', '2026-11-01T08:30:00Z'],
      [4, 'once', 'live', '2026-11-01T09:00:00Z'],
      [5, 'never', 'stale', null],
    ] as const)
      await hub.store.pool.query(
        `insert into cluster (uid, ca_hash, name, server, version, first_seen, state, last_seen)
         values ($1, '', $2, '', '', '2026-11-01', $3, $4)`,
        [String(number), name, state, seen],
      );
    const registry = new Registry();
    await clusterMetrics(registry, hub.store)();

    expect((await registry.metrics()).split('\n').filter((line) => /^\w/.test(line))).toEqual([
      'bulwark_cluster_live{cluster="never"} 0',
      'bulwark_cluster_live{cluster="once"} 1',
      'bulwark_cluster_live{cluster="twice"} 0',
      `bulwark_cluster_last_seen_timestamp_seconds{cluster="twice"} ${Date.UTC(2026, 10, 1, 8) / 1000}`,
      'bulwark_cluster_last_seen_timestamp_seconds{cluster="never"} 0',
    ]);
  });
});
