import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poolOf, startTestServer, TESTED_VERSIONS, type TestServer } from '../server.testing.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';

const STEP = MIGRATIONS.findIndex(({ name }) => name === '0015-channel-makers');

describe.each(TESTED_VERSIONS)(
  'the step 0015-channel-makers on PostgreSQL $major',
  ({ isThere, platform }) => {
    let server: TestServer;

    beforeAll(async () => {
      if (isThere) server = await startTestServer({ platform });
    }, 60_000);

    afterAll(() => server?.stop());

    it.skipIf(!isThere)(
      'keeps the channels that were there, of which nobody knows who made them',
      async () => {
        const url = await server.database('before');
        const pool = poolOf(url);
        await migrate(pool, MIGRATIONS.slice(0, STEP));
        await pool.query(
          `insert into channel (name, type, settings, secrets, created_at) values ('chat', 'slack', '{}', '', now())`,
        );

        await migrate(pool, MIGRATIONS.slice(0, STEP + 1));

        const { rows } = await pool.query('select name, created_by from channel');
        await pool.end();
        expect(rows).toEqual([{ name: 'chat', created_by: null }]);
      },
    );
  },
);
