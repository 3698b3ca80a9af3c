import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poolOf, TESTED_VERSIONS } from '../server.testing.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';

const STEP = MIGRATIONS.findIndex(({ name }) => name === '0028-refusal-reasons');

describe.each(TESTED_VERSIONS)(
  'the step 0028-refusal-reasons on PostgreSQL $major',
  ({ isThere, platform }) => {
    let databases: TestDatabases;

    beforeAll(async () => {
      if (isThere) databases = await testDatabases(platform);
    }, 60_000);

    afterAll(() => databases?.drop());

    it.skipIf(!isThere)('keeps what was refused before, of which nobody knows why', async () => {
      const url = await databases.database('before');
      const pool = poolOf(url);
      await migrate(pool, MIGRATIONS.slice(0, STEP));
      await pool.query(
        `insert into exception (scope, reason, state, created_by, created_at, revoked_by, revoked_at)
           values ('{}', 'because', 'revoked', 'ann', now(), 'bob', now())`,
      );

      await migrate(pool, MIGRATIONS.slice(0, STEP + 1));

      const { rows } = await pool.query('select revoked_by, revoked_because from exception');
      await pool.end();
      expect(rows).toEqual([{ revoked_by: 'bob', revoked_because: null }]);
    });
  },
);
