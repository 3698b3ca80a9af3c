import { applyBatch, registerCluster } from '@bulwark/store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestHub } from './handlers/test-cluster.ts';
import { TrustedClock } from './trusted-clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOTHING = { resources: [], removed: [], findings: [], resolved: [] };

let hub: TestHub;
/** How far the clock of the hub is from that of the database, and how long the hub has run. */
let [off, uptime] = [0, 0];
let cluster: number;

beforeEach(async () => {
  hub = await TestHub.start(new Date());
  [off, uptime] = [0, 0];
  const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
  cluster = await registerCluster(hub.store, identity, new Date());
}, 60_000);

afterEach(() => hub?.stop());

const now = () => new Date(Date.now() + off);

/** Of a hub on whose database something was written last so long ago. */
async function clockAfter(days: number): Promise<TrustedClock> {
  await writtenBefore(days);
  const clock = new TrustedClock({ store: hub.store, days: 90, now, uptimeMs: () => uptime });
  await clock.look();
  return clock;
}

async function writtenBefore(days: number): Promise<void> {
  await hub.store.pool.query('update cluster set written_at = null');
  await applyBatch(hub.store, cluster, { ...NOTHING, at: new Date(Date.now() - days * DAY) });
}

it('is trusted where it agrees with that of the database, and what is written is of today', async () => {
  const clock = await clockAfter(0);
  expect(await clock.doubt()).toBeUndefined();
  off = HOUR / 2;
  expect(await clock.doubt()).toBeUndefined();
});

it.each([
  [200 * DAY, 'the clock of the hub is 200 d ahead of that of the database'],
  [-3 * HOUR, 'the clock of the hub is 3 h behind that of the database'],
])('is not trusted by %s ms from that of the database', async (far, why) => {
  const clock = await clockAfter(0);
  off = far + (far > 0 ? 1000 : -1000);
  expect(await clock.doubt()).toBe(`Nothing is dropped: ${why}`);
  off = 0;
  expect(await clock.doubt()).toBeUndefined();
});

it('is not trusted where it is far from that of every API server, and is where it agrees with one', async () => {
  const clock = await clockAfter(0);
  await hub.store.pool.query("update cluster set state = 'live', clock_skew = -86400");
  expect(await clock.doubt()).toContain('is 1 d ahead of that of the API server of prod');

  const other = { uid: 'o', caHash: 'o', name: 'other', server: '', version: 'v1.34.0', isDemo: false };
  const id = await registerCluster(hub.store, other, new Date());
  await hub.store.pool.query("update cluster set state = 'live', clock_skew = 0 where id = $1", [id]);
  expect(await clock.doubt()).toBeUndefined();
});

it('is not trusted where all that is written is older than what is kept', async () => {
  const clock = await clockAfter(0);
  await writtenBefore(100);
  expect(await clock.doubt()).toContain('what was written last is 100 d old');
});

it('is not trusted for a day where a machine starts with another time, with its database, and writes by it', async () => {
  // All clocks of the machine are of today: what was written before is as old as they are wrong.
  const clock = await clockAfter(200);
  await writtenBefore(0);
  expect(await clock.doubt()).toContain('the clock of the hub is 200 d ahead of what it was');

  uptime += DAY - 1;
  off += DAY - 1;
  await clock.look();
  off = 0;
  expect(await clock.doubt()).toContain('it is trusted after a day');
  uptime += 2;
  expect(await clock.doubt()).toBeUndefined();
});

it('is trusted at once when a leap is taken back', async () => {
  off = 200 * DAY;
  const clock = await clockAfter(0);
  off = 0;
  expect(await clock.doubt()).toBeUndefined();
});
