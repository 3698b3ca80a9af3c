import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poolOf, TESTED_VERSIONS } from '../server.testing.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';

const STEP = MIGRATIONS.findIndex(({ name }) => name === '0020-told');

describe.each(TESTED_VERSIONS)('the step 0020-told on PostgreSQL $major', ({ isThere, platform }) => {
  let databases: TestDatabases;

  beforeAll(async () => {
    if (isThere) databases = await testDatabases(platform);
  }, 60_000);

  afterAll(() => databases?.drop());

  it.skipIf(!isThere)('keeps routes and messages on their way, which go where they went', async () => {
    const url = await databases.database('before');
    const pool = poolOf(url);
    await migrate(pool, MIGRATIONS.slice(0, STEP));
    await pool.query(
      `with c as (insert into channel (name, type, settings, secrets, created_at) values ('c', 'slack', '{}', '', now()) returning id),
       r as (insert into route (channel_id, severity, digest_minutes, tells_resolved, created_at)
         select id, 3, 0, true, now() from c returning *)
       insert into delivery (channel_id, route_id, topic, key, state, at, due)
       select channel_id, id, 'digest', '1 digest', 'gathering', now(), now() from r`,
    );

    await migrate(pool, MIGRATIONS.slice(0, STEP + 1));

    const { rows } = await pool.query(
      `select r.about, r.to_contact, d.to_contact as goes, d.state from route r join delivery d on d.route_id = r.id`,
    );
    await pool.end();
    expect(rows).toEqual([{ about: 'findings', to_contact: false, goes: false, state: 'gathering' }]);
  });
});
