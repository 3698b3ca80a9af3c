import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobItem } from '@bulwark/api';
import { HOUSE, holdLease, type Lease } from '@bulwark/store';
import type { FastifyReply } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startHousekeeping } from '../housekeeping.ts';
import { hubOptionsForTests } from '../hub.testing.ts';
import { startHub } from '../hub.ts';
import { checksOf, type Job } from '../jobs.ts';
import { EventLog } from '../live/event-log.ts';
import { asking } from './callers.testing.ts';
import { jobHandlers } from './jobs.ts';
import { operationHandlers } from './operations.ts';
import { TestHub } from './test-cluster.ts';

const START_MS = 180_000;
const WITHIN = { timeout: 20_000 };
const NOW = new Date('2026-11-26T10:00:00Z');
const MIDNIGHT = '2026-11-27T00:00:00.000Z';
/** "bulw", as all hubs ask for their duties. */
const KEY = 0x62_75_6c_77;

let hub: TestHub;
let folder: string;
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  hub = await TestHub.start(NOW);
  folder = mkdtempSync(join(tmpdir(), 'bulwark-jobs-'));
}, START_MS);

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

afterAll(async () => {
  await hub?.stop();
  rmSync(folder, { recursive: true, force: true });
}, START_MS);

async function jobsOf(jobs: readonly Job[]): Promise<readonly JobItem[]> {
  const handlers = jobHandlers({ store: hub.store, jobs: () => jobs });
  const nothing = { params: undefined, query: undefined, body: undefined };
  return (await handlers.listJobs(nothing, asking(NOW))).items as JobItem[];
}

async function jobOf(jobs: readonly Job[], name: JobItem['name']): Promise<JobItem | undefined> {
  return (await jobsOf(jobs)).find((job) => job.name === name);
}

async function metricsOf(jobs: readonly Job[]): Promise<string> {
  const { metrics } = operationHandlers({
    store: hub.store,
    log: new EventLog(() => NOW),
    callerOf: async () => undefined,
    checks: () => [],
    duties: () => [],
    jobs: () => jobs,
  });
  let text = '';
  const reply = { type: () => ({ send: (sent: string) => (text = sent) }) } as unknown as FastifyReply;
  await metrics({ params: undefined, query: undefined, body: undefined }, { ...asking(NOW), reply });
  return text;
}

async function lease(): Promise<Lease> {
  const held = holdLease(hub.url, { duty: HOUSE, everyMs: 50 });
  ends.push(() => held.release());
  await vi.waitFor(() => expect(held.state.kind).toBe('held'), WITHIN);
  return held;
}

function house(backups: string, onEnd?: () => void) {
  const options = {
    store: hub.store,
    days: 60,
    backups,
    now: () => NOW,
    version: '1.0.0',
    say: () => undefined,
    clock: { look: async () => undefined, doubt: async () => undefined },
    isOurs: () => true,
    ...(onEnd && { onEnd }),
  };
  const keeping = startHousekeeping(options, { firstMs: 1, everyMs: 100 });
  ends.push(() => keeping.stop());
  return keeping;
}

describe('the nightly backup', () => {
  it('that was made is done, and due at the next midnight', async () => {
    await lease();
    const { jobs } = house(join(folder, 'good'));

    await vi.waitFor(
      async () =>
        expect(await jobOf(jobs, 'backup')).toMatchObject({
          cluster: null,
          doneBy: 'this hub',
          holder: expect.stringMatching(/, process \d+$/) as string,
          isRunning: false,
          lastRun: NOW.toISOString(),
          lastResult: 'done',
          lastDone: NOW.toISOString(),
          next: MIDNIGHT,
          error: null,
        }),
      WITHIN,
    );
    expect(await jobOf(jobs, 'retention')).toMatchObject({ lastResult: 'done', next: MIDNIGHT });
    expect(jobs.flatMap(checksOf)).toEqual([
      { name: 'backup', status: 'ok', detail: `Last done at ${NOW.toISOString()}.` },
    ]);
    expect(await metricsOf(jobs)).toContain(
      `bulwark_job_last_done_seconds{job="backup"} ${NOW.getTime() / 1000}\n`,
    );
  });

  it('that fails says why, is tried again, keeps no other chore from being done, and is told by health', async () => {
    await lease();
    const backups = join(folder, 'a-file');
    writeFileSync(backups, '');
    const told: unknown[] = [];
    const { jobs } = house(backups, () => told.push(jobs.map(({ last }) => last?.error ?? null)));

    await vi.waitFor(async () => {
      const job = await jobOf(jobs, 'backup');
      expect(job).toMatchObject({ lastResult: 'failed', lastRun: NOW.toISOString(), lastDone: null });
      expect(job?.error).toMatch(/^EEXIST: .*\.$/);
      expect(job?.next).toBe(new Date(NOW.getTime() + 100).toISOString());
    }, WITHIN);
    await vi.waitFor(
      async () => expect(await jobOf(jobs, 'retention')).toMatchObject({ lastResult: 'done' }),
      WITHIN,
    );
    expect(jobs.flatMap(checksOf)).toEqual([
      {
        name: 'backup',
        status: 'degraded',
        detail: expect.stringMatching(
          /^failed at 2026-11-26T10:00:00\.000Z: EEXIST.*It is tried again at \S+Z\. Not done yet\.$/,
        ) as string,
      },
    ]);

    rmSync(backups);
    await vi.waitFor(
      async () => expect(await jobOf(jobs, 'backup')).toMatchObject({ lastResult: 'done', error: null }),
      WITHIN,
    );
    // Those who look at it are told when it fails, and when it does no more.
    expect(told).toEqual([
      [null, null],
      [null, expect.stringMatching(/^EEXIST/)],
      [null, null],
    ]);
  });

  it('of before a start is known, and is not made twice on a day', async () => {
    await lease();
    const backups = join(folder, 'kept');
    const first = house(backups);
    await vi.waitFor(
      async () => expect(await jobOf(first.jobs, 'backup')).toMatchObject({ lastResult: 'done' }),
      WITHIN,
    );
    await first.stop();

    const { jobs } = house(backups);
    const known = await jobOf(jobs, 'backup');
    expect(known).toMatchObject({ lastResult: 'done', error: null });
    await vi.waitFor(async () => expect((await jobOf(jobs, 'backup'))?.next).toBe(MIDNIGHT), WITHIN);
    expect((await jobOf(jobs, 'backup'))?.lastDone).toBe(known?.lastDone);
  });
});

describe('a job', () => {
  it('that another hub does is said to be so, and nothing is made up of what became of it', async () => {
    const other = await hub.store.pool.connect();
    await other.query("set application_name = 'bulwark-lease hub-2 4711.abcdefghij'");
    await other.query('select pg_advisory_lock($1, $2)', [KEY, HOUSE]);
    const { jobs } = house(join(folder, 'elsewhere'));
    try {
      expect(await jobOf(jobs, 'retention')).toMatchObject({
        doneBy: 'another hub',
        holder: 'hub-2, process 4711',
        lastRun: null,
        lastResult: null,
        lastDone: null,
        next: null,
        error: null,
      });
    } finally {
      other.release(true);
    }
  });

  it('that nobody does is said to be so', async () => {
    const { jobs } = house(join(folder, 'nobody'));

    await vi.waitFor(
      async () =>
        expect(await jobOf(jobs, 'retention')).toMatchObject({ doneBy: 'nobody', holder: null, next: null }),
      WITHIN,
    );
  });

  it('of each cluster says when it last answered, and why it does not', async () => {
    const live = await hub.cluster('live', { Pod: 'live' });
    await live.flush();
    const away = await hub.cluster('away', { Pod: 'live' });
    await away.flush();
    await hub.store.pool.query(
      "update cluster set state = 'stale', reason = 'Nobody is there.' where id = $1",
      [away.id],
    );

    expect(
      (await jobsOf([])).map(({ name, cluster, lastResult, next, error }) => [
        name,
        cluster,
        lastResult,
        next,
        error,
      ]),
    ).toEqual([
      ['collection', { id: away.id, name: 'away' }, 'failed', null, 'Nobody is there.'],
      ['collection', { id: live.id, name: 'live' }, 'done', null, null],
    ]);
  });
});

it('a hub lists its jobs, each with what became of it', async () => {
  const running = await startHub(hubOptionsForTests({ databaseUrl: hub.url, folder }));
  ends.push(() => running.stop());
  const link = new URL(running.firstLink ?? '').hash.slice('#link='.length);
  const signedIn = await fetch(`${running.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link }),
  });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';

  await vi.waitFor(async () => {
    const answer = await fetch(`${running.url}/api/v1/jobs`, { headers: { cookie } });
    const { items } = (await answer.json()) as { items: readonly JobItem[] };
    expect(
      items
        .filter(({ cluster }) => cluster === null)
        .map(({ name, doneBy, lastResult }) => [name, doneBy, lastResult]),
    ).toEqual([
      ['messages', 'this hub', 'done'],
      // It is due two minutes after the start.
      ['retention', 'this hub', null],
      ['presence', 'this hub', null],
    ]);
  }, WITHIN);
});
