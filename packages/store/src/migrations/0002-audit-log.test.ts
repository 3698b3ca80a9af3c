import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poolOf, startTestServer, TESTED_VERSIONS, type TestServer } from '../server.testing.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';

const STEP = MIGRATIONS.findIndex(({ name }) => name === '0002-audit-log');

describe.each(TESTED_VERSIONS)('the step for audit logs, on PostgreSQL $major', ({ platform, isThere }) => {
  let server: TestServer;
  let pool: pg.Pool;
  beforeAll(async () => {
    if (!isThere) return;
    server = await startTestServer({ platform });
    pool = poolOf(await server.database('steps'));
  }, 60_000);
  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  it.skipIf(!isThere)('keeps changes that were there, in every partition', async () => {
    await migrate(pool, MIGRATIONS.slice(0, STEP));
    for (const month of ['10', '11'])
      await pool.query(
        `create table change_2026_${month} partition of change for values from ('2026-${month}-01') to ('2026-${Number(month) + 1}-01')`,
      );
    await pool.query(
      `insert into change (cluster_id, at, kind, namespace, name, api_version, verb, actor)
       select 1, at, 'Pod', 'shop', 'web', 'v1', 'created', '{"user":null,"managers":["kubectl"]}'
       from unnest(array['2026-10-05', '2026-11-05']::timestamptz[]) as x(at)`,
    );

    await migrate(pool, MIGRATIONS.slice(0, STEP + 1));

    const { rows } = await pool.query(
      `select actor->'managers'->>0 as manager, uid, since from change order by at`,
    );
    expect(rows).toEqual([
      { manager: 'kubectl', uid: null, since: null },
      { manager: 'kubectl', uid: null, since: null },
    ]);
  });
});
