import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poolOf, startTestServer, TESTED_VERSIONS, type TestServer } from '../server.testing.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';

const STEP = MIGRATIONS.findIndex(({ name }) => name === '0020-causes');

describe.each(TESTED_VERSIONS)('the step 0020-causes on PostgreSQL $major', ({ isThere, platform }) => {
  let server: TestServer;

  beforeAll(async () => {
    if (isThere) server = await startTestServer({ platform });
  }, 60_000);

  afterAll(() => server?.stop());

  it.skipIf(!isThere)('keeps the findings that were there, of which no cause is known so far', async () => {
    const url = await server.database('before');
    const pool = poolOf(url);
    await migrate(pool, MIGRATIONS.slice(0, STEP));
    await pool.query(
      `insert into finding (cluster_id, fingerprint, digest, control, severity, kind, api_version, namespace, name, path,
         message, fixable, first_seen, valid_from)
       values (1, gen_random_uuid(), gen_random_uuid(), 'c', 3, 'Pod', 'v1', 'shop', 'web', '', 'm', false, now(), now())`,
    );

    await migrate(pool, MIGRATIONS.slice(0, STEP + 1));

    const { rows } = await pool.query('select control, causes from finding');
    await pool.end();
    expect(rows).toEqual([{ control: 'c', causes: null }]);
  });
});
