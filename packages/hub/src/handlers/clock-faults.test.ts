import { applyBatch, scopeOf } from '@bulwark/store';
import { fakeApiServer } from '@bulwark/testkit';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { watchByContext } from '../cluster/watch-kubernetes.testing.ts';
import { clockChecks } from './clock-faults.ts';
import { coverageItems } from './clusters.ts';
import { sightAt } from './past-coverage.ts';
import { TestHub } from './test-cluster.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const START = Date.parse('2026-11-26T10:00:00Z');
const NOTHING = { resources: [], removed: [], findings: [], resolved: [] };
const WITHIN = { timeout: 40_000 };

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date(START));
}, 60_000);

afterAll(() => hub?.stop());

function after(seconds: number): Date {
  return new Date(START + seconds * 1000);
}

async function noteOf(code: string) {
  return (await coverageItems(hub.store, ALL)).find((entry) => entry.code === code);
}

it('says of a clock that was ahead since when and by how much: health until it is over, coverage for as long as it is kept', async () => {
  const cluster = await hub.cluster('prod', { Pod: 'live' });
  await cluster.flush();
  await applyBatch(hub.store, cluster.id, { ...NOTHING, at: after(3600) });
  expect(await clockChecks(hub.store, after(10))).toEqual([]);

  await applyBatch(hub.store, cluster.id, { ...NOTHING, at: after(20) });

  const found = 'The clock of the hub was ahead by 59 min, which was found at 2026-11-26T10:00:20.000Z';
  expect(await clockChecks(hub.store, after(30))).toEqual([
    { name: 'clocks of prod', status: 'degraded', detail: expect.stringContaining(found) as string },
  ]);
  expect(await clockChecks(hub.store, after(3700))).toEqual([]);
  expect(await noteOf('clock-was-ahead')).toMatchObject({
    kind: 'note',
    since: '2026-11-26T10:00:20.000Z',
    reason: expect.stringContaining(found) as string,
  });
  const lostAt = async (moment: Date) =>
    (await sightAt(hub.store, ALL, moment)).entries.filter(({ code }) => code === 'clock-was-ahead');
  expect(await lostAt(after(1800))).toMatchObject([{ kind: 'lost' }]);
  expect(await lostAt(after(3700))).toEqual([]);
});

it('says of an API server whose clock is another one by how much', async () => {
  const skewed = { bookmarkMs: 100, objects: [], clockSkewMs: -600_000 };
  const server = await fakeApiServer(skewed);
  onTestFinished(() => server.stop());
  watchByContext(hub, 'late', { server: server.url });

  await expect
    .poll(() => noteOf('clock-differs'), WITHIN)
    .toMatchObject({
      cluster: { name: 'late' },
      reason: expect.stringContaining('is 10 min ahead of') as string,
    });
  expect(await clockChecks(hub.store, new Date())).toContainEqual({
    name: 'clocks of late',
    status: 'degraded',
    detail: expect.stringContaining('is 10 min ahead of') as string,
  });
}, 60_000);
