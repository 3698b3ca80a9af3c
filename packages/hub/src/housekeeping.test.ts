import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
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
    { store, days: 60, backups, now, say, version: '1.0.0', isOurs: () => isOurs },
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
