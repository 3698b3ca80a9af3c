import { Secret } from '@bulwark/core';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poolOf } from './server.testing.ts';
import { type TestDatabases, testDatabases } from './shared-server.testing.ts';
import { isOfDatabase, isRefused, whyNotWritten } from './why-not-written.ts';

const SECRET = 'correct-horse-battery-staple';

describe('why a database does not take what is to be written', () => {
  let databases: TestDatabases;
  let pool: pg.Pool;

  beforeAll(async () => {
    databases = await testDatabases();
    pool = poolOf(new Secret((await databases.database('refusing')).reveal()));
    await pool.query(
      'create table kept (id int primary key, text text unique, small varchar(3), check (id < 10))',
    );
    await pool.query("insert into kept values (1, $1, 'a')", [SECRET]);
  }, 60_000);

  afterAll(async () => {
    await pool?.end();
    await databases?.drop();
  });

  it.each([
    {
      what: 'a word that is longer than an index takes',
      query: `insert into kept select 2, string_agg(md5(i::text || '${SECRET}'), '') from generate_series(1, 150) i`,
      reason:
        'The database refuses what is to be written in its table kept: something is longer, or more, than PostgreSQL takes (54000).',
    },
    {
      what: 'a row that is there already',
      query: `insert into kept values (3, '${SECRET}', 'a')`,
      reason:
        'The database refuses what is to be written in its table kept: a rule of the table forbids it (23505).',
    },
    {
      what: 'a row that a check forbids',
      query: `insert into kept values (10, '${SECRET} 2', 'a')`,
      reason:
        'The database refuses what is to be written in its table kept: a rule of the table forbids it (23514).',
    },
    {
      what: 'a value that does not fit',
      query: `insert into kept values (4, 'x', '${SECRET}')`,
      reason: 'The database refuses what is to be written: a value is none that it takes (22001).',
    },
    {
      what: 'a text that is no number',
      query: `insert into kept values ('${SECRET}'::int, 'x', 'a')`,
      reason: 'The database refuses what is to be written: a value is none that it takes (22P02).',
    },
  ])('is told of $what by its code, and without it', async ({ query, reason }) => {
    const error: unknown = await pool.query(query).catch((refusal: unknown) => refusal);

    expect(whyNotWritten(error)).toEqual({ reason, isWhole: false });
    expect([isRefused(error), isOfDatabase(error)]).toEqual([true, true]);
  });

  it('is told of a table that is not there, which no object is to blame for', async () => {
    const error: unknown = await pool
      .query('insert into gone values (1)')
      .catch((refusal: unknown) => refusal);

    expect(whyNotWritten(error).reason).toBe(
      'The database refuses what is to be written: the table is not as the hub left it (42P01). Look who changed it.',
    );
    expect(isRefused(error)).toBe(false);
  });

  it.each([
    { code: '53100', says: /^The database takes nothing: its disk is full \(53100\)\. Give it space\. / },
    { code: '53200', says: /: it is out of memory \(53200\)\. Give it memory\. / },
    { code: '25006', says: /: it only reads \(25006\)\. Let it write, / },
    { code: '57P01', says: /: it is being stopped or started \(57P01\)\. What / },
    {
      code: 'ECONNREFUSED',
      says: /^The database does not answer \(ECONNREFUSED\)\. What is seen waits, and is written then\.$/,
    },
  ])('is told with $code of the database as a whole, with what to do', ({ code, says }) => {
    const error = Object.assign(new Error(SECRET), { code });

    expect(whyNotWritten(error)).toEqual({ reason: expect.stringMatching(says), isWhole: true });
    expect([isRefused(error), isOfDatabase(error)]).toEqual([false, true]);
  });

  it('is a fault of the hub where it is none of the database', () => {
    const error = new TypeError(`${SECRET} is not a function`);

    expect(whyNotWritten(error)).toEqual({
      reason: 'What is seen is not judged or not written, for a fault of the hub that its log tells.',
      isWhole: false,
    });
    expect([isRefused(error), isOfDatabase(error)]).toEqual([false, false]);
  });
});
