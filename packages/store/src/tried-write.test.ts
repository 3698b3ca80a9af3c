import type { Secret } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { TESTED_VERSIONS } from './server.testing.ts';
import { databaseOf, type TestDatabases, testDatabases } from './shared-server.testing.ts';
import { openStore, type Store } from './store.ts';
import { triedWrite } from './tried-write.ts';
import { registerCluster } from './write/clusters.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const SHOP = { uid: 'a', caHash: 'a', name: 'shop', server: 'https://a', version: 'v1.34.0', isDemo: false };

describe.each(TESTED_VERSIONS.filter(({ isThere }) => isThere))(
  'whether PostgreSQL $major takes what is written',
  (version) => {
    let databases: TestDatabases;
    let store: Store;
    let url: Secret<string>;

    beforeAll(async () => {
      databases = await testDatabases(version.platform);
      url = await databases.database('tried');
      store = await openStore({ url, now: NOW });
      await registerCluster(store, SHOP, NOW);
    }, 120_000);

    afterAll(async () => {
      await store?.close();
      await databases?.drop();
    });

    /** Does something to the database until the test ends. */
    async function until(undo: string, ...statements: readonly string[]): Promise<void> {
      onTestFinished(async () => {
        await store.pool.query(undo);
      });
      for (const statement of statements) await store.pool.query(statement);
    }

    it.each([
      {
        what: 'a full disk',
        code: '53100',
        reason:
          'The database takes nothing: its disk is full (53100). Give it space. What is seen waits, and is written then.',
      },
      {
        what: 'files that are damaged',
        code: 'XX001',
        reason:
          'The database refuses what is to be written: it failed itself, or its files are damaged (XX001). Look into its log.',
      },
      {
        what: 'a right that it took away',
        code: '42501',
        reason:
          'The database refuses what is to be written: the user of the hub may not do it (42501). Grant it.',
      },
      { what: 'others that were in the way', code: '40P01', reason: undefined },
    ])('is told by the code of a refusal: $what', async ({ code, reason }) => {
      expect(await triedWrite(store)).toBe(undefined);

      await until(
        'drop trigger failing on cluster',
        `create or replace function fail() returns trigger language plpgsql as
         $$ begin raise exception using errcode = '${code}'; end $$`,
        'create trigger failing before update on cluster for each row execute function fail()',
      );

      expect(await triedWrite(store)).toEqual(reason && { reason, isWhole: true });
    });

    it('is tried with a file on its disk, as a row that is there already needs no room', async () => {
      const written = async (): Promise<number> => {
        const { rows } = await store.pool.query<{ bytes: number }>(
          'select temp_bytes as bytes from pg_stat_database where datname = current_database()',
        );
        return rows[0]?.bytes ?? 0;
      };
      const before = await written();

      await triedWrite(store);

      await expect.poll(written, { timeout: 20_000 }).toBeGreaterThan(before + 900_000);
    });

    it('is not told by files that an administrator forbids', async () => {
      await until(
        `alter database ${databaseOf(url)} reset temp_file_limit`,
        `alter database ${databaseOf(url)} set temp_file_limit = 0`,
      );
      const limited = await openStore({ url: url, now: NOW, connections: 1 });

      expect(await triedWrite(limited)).toBe(undefined);
      await limited.close();
    });

    it('waits for nobody who just writes, and changes nothing', async () => {
      const seen = async () => (await store.pool.query('select * from cluster')).rows;
      const before = await seen();
      const client = await store.pool.connect();
      await client.query('begin; select from cluster for update');

      expect(await triedWrite(store)).toBe(undefined);

      await client.query('rollback');
      client.release();
      await triedWrite(store);
      expect(await seen()).toEqual(before);
    });
  },
);
