import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poolOf, TESTED_VERSIONS } from '../server.testing.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore } from '../store.ts';
import { contentOf, fillEveryTable, tablesOf } from './filled.testing.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS, type Step } from './migrations.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const STEPS = MIGRATIONS.map(({ name }, index) => ({ name, index })).slice(1);

describe.each(TESTED_VERSIONS)('the schema on PostgreSQL $major', ({ isThere, platform }) => {
  let databases: TestDatabases;

  beforeAll(async () => {
    if (isThere) databases = await testDatabases(platform);
  }, 60_000);

  afterAll(() => databases?.drop());

  it.skipIf(!isThere).each(STEPS)('loses no row of any table in the step $name', async ({ index }) => {
    const pool = poolOf(await databases.database(`step_${index}`));
    try {
      await migrate(pool, MIGRATIONS.slice(0, index));
      await fillEveryTable(pool);
      const before = await contentOf(pool, await tablesOf(pool));

      expect(await migrate(pool, MIGRATIONS.slice(0, index + 1))).toBe(1);

      const after = await contentOf(pool, await tablesOf(pool));
      for (const [table, rows] of before) {
        expect(rows, table).toHaveLength(1);
        expect(after.get(table), table).toHaveLength(1);
      }
    } finally {
      await pool.end();
    }
  });

  it.skipIf(!isThere)('of a later version is refused with what to do, and is not touched', async () => {
    const url = await databases.database('later');
    const pool = poolOf(url);
    try {
      await migrate(pool);
      await migrate(pool, [...MIGRATIONS, { name: '9999-later', sql: 'create table later (id int)' }]);
      const before = await contentOf(pool, ['migration']);

      const detail = expect.stringMatching(
        /9999-later.*Start the version that wrote it, or restore a backup/,
      );
      await expect(openStore({ url, now: NOW })).rejects.toMatchObject({
        code: 'conflict',
        details: { detail },
      });

      expect(await contentOf(pool, ['migration'])).toEqual(before);
      expect(await tablesOf(pool)).toContain('later');
    } finally {
      await pool.end();
    }
  });

  it.skipIf(!isThere)('in which a step is not what it was is refused', async () => {
    const pool = poolOf(await databases.database('other'));
    try {
      const [first, ...more] = [...MIGRATIONS];
      await migrate(pool, [
        { name: first?.name ?? '', sql: `${first?.sql ?? ''} create table other (id int);` },
      ]);

      await expect(migrate(pool, [first ?? { name: '', sql: '' }, ...more])).rejects.toMatchObject({
        code: 'conflict',
      });
    } finally {
      await pool.end();
    }
  });

  const HALF = 'create table half (id int);';

  it.skipIf(!isThere).each<readonly [what: string, code: string, half: Omit<Step, 'name'>]>([
    ['fails', '22012', { sql: `${HALF} select 1 / 0;` }],
    [
      'ends with its hub before what no SQL can work out is done',
      '57P01',
      {
        sql: HALF,
        finish: async (client) => {
          await client.query('insert into half values (1)');
          await client.query('select pg_terminate_backend(pg_backend_pid())');
        },
      },
    ],
  ])('has of a step that %s nothing, and all of it the next time', async (_what, code, half) => {
    const pool = poolOf(await databases.database(`half_${code.toLowerCase()}`));
    pool.on('connect', (client) => client.on('error', () => undefined));
    try {
      await migrate(pool);
      await expect(migrate(pool, [...MIGRATIONS, { name: '9999-half', ...half }])).rejects.toMatchObject({
        code,
      });
      expect(await tablesOf(pool)).not.toContain('half');

      const whole = { name: '9999-half', sql: HALF };
      expect(await migrate(pool, [...MIGRATIONS, whole])).toBe(1);
      expect(await tablesOf(pool)).toContain('half');
    } finally {
      await pool.end();
    }
  });

  it.skipIf(!isThere)('is made however long a step takes', async () => {
    const url = await databases.database('slow');
    const hurried = new pg.Pool({ connectionString: url.reveal(), statement_timeout: 100, max: 1 });
    const slow = { name: '9999-slow', sql: 'select pg_sleep(0.5); create table slow (id int)' };
    try {
      await migrate(hurried, [...MIGRATIONS, slow]);

      expect(await tablesOf(hurried)).toContain('slow');
    } finally {
      await hurried.end();
    }
  });

  it.skipIf(!isThere)('is made once by many who start at once', async () => {
    const url = await databases.database('once');
    const own = Array.from({ length: 4 }, () => poolOf(url));
    try {
      const done = await Promise.all(own.map((pool) => migrate(pool)));
      expect(done.sort((a, b) => a - b)).toEqual([0, 0, 0, MIGRATIONS.length]);
    } finally {
      await Promise.all(own.map((pool) => pool.end()));
    }
  });
});
