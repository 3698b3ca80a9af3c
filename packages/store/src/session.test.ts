import { join } from 'node:path';
import type { Secret } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setSetting, settingOf } from './access/settings.ts';
import { backup, restore } from './backup/backup.ts';
import { fillEveryTable } from './migrations/filled.testing.ts';
import { poolOf, startTestServer, type TestServer } from './server.testing.ts';
import { openStore } from './store.ts';
import { deleteCluster } from './write/clusters.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const LATER = new Date('2027-02-26T10:00:00Z');

describe('a database that others set up', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
  }, 60_000);

  afterAll(() => server?.stop());

  async function database(name: string, ...settings: readonly string[]): Promise<Secret<string>> {
    const url = await server.database(name);
    const pool = poolOf(url);
    for (const setting of settings) await pool.query(setting);
    await pool.end();
    return url;
  }

  it.each([
    { zone: 'America/New_York', other: 'UTC' },
    { zone: 'Europe/Berlin', other: 'America/New_York' },
  ])(
    'in the zone $zone and with days written in its way can be put back in the zone $other, and goes on',
    async ({ zone, other }) => {
      const name = zone.slice(-4).toLowerCase();
      const from = await database(
        `zone_${name}`,
        `alter database zone_${name} set timezone to '${zone}'`,
        `alter database zone_${name} set datestyle to 'German'`,
      );
      const to = await database(`again_${name}`, `alter database again_${name} set timezone to '${other}'`);
      const file = join(server.folder, `${name}.backup`);
      const store = await openStore({ url: from, now: NOW });
      await fillEveryTable(store.pool);
      await backup(store, file, { now: NOW });
      await store.close();

      await restore(to, file);

      for (const now of [NOW, LATER]) await (await openStore({ url: to, now })).close();
    },
  );

  it.each(['repeatable read', 'serializable'])('to be %s refuses none who write at once', async (level) => {
    const name = level.replace(' ', '_');
    const url = await database(
      name,
      `alter database ${name} set default_transaction_isolation to '${level}'`,
    );
    const store = await openStore({ url, now: NOW });
    try {
      await Promise.all(
        Array.from({ length: 40 }, (_, count) => setSetting(store, `test.${count % 2}`, count)),
      );

      expect(await settingOf(store, 'test.0')).toBeTypeOf('number');
    } finally {
      await store.close();
    }
  });

  it('to end what is idle ends no connection of the hub while it is kept', async () => {
    const url = await database('idle', "alter database idle set idle_session_timeout = '100ms'");
    const store = await openStore({ url, now: NOW });
    try {
      const session = async () => (await store.pool.query('select pg_backend_pid() as pid')).rows[0];
      const before = await session();
      await new Promise((resolve) => setTimeout(resolve, 400));

      expect(await session()).toEqual(before);
    } finally {
      await store.close();
    }
  });

  it('with a schema of its own loses all of a cluster that is removed', async () => {
    const url = await database(
      'own_schema',
      'create schema own',
      'alter database own_schema set search_path to own',
    );
    const store = await openStore({ url, now: NOW });
    try {
      await store.pool.query(
        `insert into cluster (id, uid, ca_hash, name, server, first_seen) overriding system value values (1, 'u', 'c', 'prod', '', now())`,
      );
      await store.pool.query(
        `insert into coverage (cluster_id, code, subject, kind, reason, since) values (1, 'c', 's', 'lost', 'r', now())`,
      );

      expect(await deleteCluster(store, 1)).toBe('removed');

      expect((await store.pool.query('select from coverage')).rowCount).toBe(0);
    } finally {
      await store.close();
    }
  });
});
