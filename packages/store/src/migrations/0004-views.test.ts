import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poolOf, startTestServer, TESTED_VERSIONS, type TestServer } from '../server.testing.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';

const STEP = MIGRATIONS.findIndex(({ name }) => name === '0004-views');

describe.each(TESTED_VERSIONS)('the step 0004-views on PostgreSQL $major', ({ isThere, platform }) => {
  let server: TestServer;

  beforeAll(async () => {
    if (isThere) server = await startTestServer({ platform });
  }, 60_000);

  afterAll(() => server?.stop());

  it.skipIf(!isThere)('keeps the exceptions that were there, as made from no query', async () => {
    const url = await server.database('before');
    const pool = poolOf(url);
    await migrate(pool, MIGRATIONS.slice(0, STEP));
    await pool.query(
      `insert into exception (scope, reason, state, created_by, created_at)
       values ('{"controls": ["x"]}', 'fine', 'active', 'ann', '2026-11-26T10:00:00Z')`,
    );

    await migrate(pool, MIGRATIONS.slice(0, STEP + 1));

    const { rows } = await pool.query('select reason, query from exception');
    await pool.end();
    expect(rows).toEqual([{ reason: 'fine', query: null }]);
  });
});
