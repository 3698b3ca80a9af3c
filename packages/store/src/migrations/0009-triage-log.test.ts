import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poolOf, startTestServer, TESTED_VERSIONS, type TestServer } from '../server.testing.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';

const STEP = MIGRATIONS.findIndex(({ name }) => name === '0009-triage-log');

describe.each(TESTED_VERSIONS)('the step 0009-triage-log on PostgreSQL $major', ({ isThere, platform }) => {
  let server: TestServer;

  beforeAll(async () => {
    if (isThere) server = await startTestServer({ platform });
  }, 60_000);

  afterAll(() => server?.stop());

  it.skipIf(!isThere)('keeps the triage that was there, of which nobody knows who made it', async () => {
    const url = await server.database('before');
    const pool = poolOf(url);
    await migrate(pool, MIGRATIONS.slice(0, STEP));
    await pool.query(
      `insert into triage (cluster_id, fingerprint, assignee, acknowledged)
       values (1, '00000000-0000-0000-0000-000000000001', 'ann', true)`,
    );

    await migrate(pool, MIGRATIONS.slice(0, STEP + 1));

    const { rows } = await pool.query('select assignee, acknowledged from triage');
    const { rows: events } = await pool.query('select * from triage_event');
    await pool.end();
    expect([rows, events]).toEqual([[{ assignee: 'ann', acknowledged: true }], []]);
  });
});
