import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  applyBatch,
  type EmbeddedServer,
  openStore,
  registerCluster,
  type Store,
  startEmbedded,
} from '@bulwark/store';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { backupsIn, keepBackups, keepPast, startHousekeeping } from './housekeeping.ts';
import { checksOf } from './jobs.ts';
import { TrustedClock } from './trusted-clock.ts';

let folder: string;
let server: EmbeddedServer;
let store: Store;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-house-'));
  chmodSync(folder, 0o755);
  server = await startEmbedded({ folder });
  store = await openStore({ url: server.url, now: new Date('2026-01-15T00:00:00Z') });
}, 60_000);

afterAll(async () => {
  await store?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const TRUSTED = { look: async () => undefined, doubt: async () => undefined };

async function partitions(): Promise<string[]> {
  const { rows } = await store.pool.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where c.relname ~ '^finding_past_[0-9]{4}_[0-9]{2}$'`,
  );
  return rows.map(({ name }) => name.slice('finding_past_'.length)).sort();
}

it('makes partitions ahead, drops what is too old, and keeps a week of backups, one a day', async () => {
  const backups = join(folder, 'backups');
  expect(await partitions()).toEqual(['2025_12', '2026_01', '2026_02', '2026_03']);
  for (let day = 1; day <= 9; day++) {
    const now = (): Date => new Date(`2026-05-0${day}T00:10:00Z`);
    await keepPast({ store, days: 60, now });
    expect(await keepBackups({ store, days: 60, backups, now })).toBe(true);
    expect(await keepBackups({ store, days: 60, backups, now })).toBe(false);
  }

  expect(await partitions()).toEqual(['2026_03', '2026_04', '2026_05', '2026_06', '2026_07']);
  expect(backupsIn(backups).map((file) => basename(file))).toEqual(
    [3, 4, 5, 6, 7, 8, 9].map((day) => `bulwark-2026-05-0${day}.backup`),
  );
});

it('makes the backup of a day on which it was started late, once, and none while another hub keeps house', async () => {
  const backups = join(folder, 'late');
  let isOurs = false;
  const now = (): Date => new Date('2026-05-10T15:00:00Z');
  const said: string[] = [];
  const say = (text: string): number => said.push(text);
  const keeping = startHousekeeping(
    { store, days: 60, backups, now, say, version: '1.0.0', clock: TRUSTED, isOurs: () => isOurs },
    { firstMs: 1, everyMs: 50 },
  );
  try {
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(backupsIn(backups)).toEqual([]);
    isOurs = true;
    await vi.waitFor(() => expect(backupsIn(backups)).toHaveLength(1), { timeout: 60_000 });
  } finally {
    await keeping.stop();
  }
  expect(said).toEqual([]);
  expect(backupsIn(backups).map((file) => basename(file))).toEqual(['bulwark-2026-05-10.backup']);
}, 90_000);

it('keeps the sums of each midnight that is over', async () => {
  const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
  const cluster = await registerCluster(store, identity, new Date('2026-05-08T12:00:00Z'));
  const nothing = { resources: [], removed: [], findings: [], resolved: [] };
  await applyBatch(store, cluster, { ...nothing, at: new Date('2026-05-10T00:05:00Z') });

  await keepPast({ store, days: 60, now: () => new Date('2026-05-10T00:10:00Z') });

  const { rows } = await store.pool.query<{ day: string }>(
    'select at::date::text as day from past_counter order by at',
  );
  expect(rows.map(({ day }) => day)).toEqual(['2026-05-09', '2026-05-10']);
});

it('drops nothing while the clock of the hub is 200 days ahead, says why each time, makes a backup, and goes on when it is set right', async () => {
  const days = 90;
  const backups = join(folder, 'ahead');
  const day = (from: number): string => new Date(Date.now() + from * 86_400_000).toISOString().slice(0, 10);
  mkdirSync(backups);
  for (let back = 1; back <= 7; back++) writeFileSync(join(backups, `bulwark-${day(-back)}.backup`), '');
  let off = 200 * 86_400_000;
  const now = (): Date => new Date(Date.now() + off);
  const before = await partitions();
  await store.pool.query('update cluster set written_at = now()');
  const said: string[] = [];
  const say = (text: string): number => said.push(text);
  const clock = new TrustedClock({ store, days, now });
  const keeping = startHousekeeping(
    { store, days, backups, now, say, version: '1.0.0', clock, isOurs: () => true },
    { firstMs: 1, everyMs: 50 },
  );
  const [retention, backup] = keeping.jobs;
  if (retention === undefined || backup === undefined) throw new Error('there are two jobs');
  const why = 'Nothing is dropped: the clock of the hub is 200 d ahead of that of the database';
  try {
    await vi.waitFor(
      () => expect(backupsIn(backups).map((file) => basename(file))).toContain(`bulwark-${day(200)}.backup`),
      { timeout: 60_000 },
    );
    await vi.waitFor(() => expect(said.length).toBeGreaterThan(1), { timeout: 60_000 });
    expect(said[0]).toBe(`Keeping house failed: ${why}; tried again.`);
    expect(retention.last?.error).toBe(`${why}.`);
    expect(checksOf(retention)).toMatchObject([{ status: 'degraded' }]);
    expect(await partitions()).toEqual(before);

    off = 0;
    expect(checksOf(backup)).toMatchObject([{ status: 'degraded' }]);
    await vi.waitFor(() => expect(retention.last?.error).toBeUndefined(), { timeout: 60_000 });
    await vi.waitFor(() => expect(checksOf(backup)).toMatchObject([{ status: 'ok' }]), { timeout: 60_000 });
  } finally {
    await keeping.stop();
  }
  expect(await partitions()).not.toContain(before[0]);
  // What is named by the wrong clock takes the place of none.
  expect(backupsIn(backups).map((file) => basename(file))).toEqual(
    [-6, -5, -4, -3, -2, -1, 0, 200].map((from) => `bulwark-${day(from)}.backup`),
  );
}, 90_000);
