import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0043-views-of-people',
  'gives views of tokens to the people behind them, where it is known who that is',
  async ({ pool, apply }) => {
    await pool.query(
      `insert into token (hash, name, role, limits, owner, created_at, expires)
       select convert_to(name || owner, 'UTF8'), name, 'viewer', '{}', owner, now(), now()
       from (values ('laptop', 'ann'), ('laptop', 'ann'), ('desk', 'ann'), ('ci', 'ann'), ('ci', 'bob')) t (name, owner)
       group by name, owner`,
    );
    await pool.query(
      `insert into saved_view (list, name, owner, is_shared, view, created_at)
       select 'findings', name, owner, is_shared, '{}', now() from (values
         ('own', 'ann', false), ('laptop', 'token laptop', false), ('both', 'token laptop', false),
         ('both', 'token desk', false), ('own', 'token desk', false), ('private', 'token ci', false),
         ('shared', 'token ci', true), ('gone', 'token gone', false), ('tokens', 'tokenizer', false)
       ) v (name, owner, is_shared)`,
    );

    await apply();

    const { rows } = await pool.query<{ view: string }>(
      `select owner || ': ' || name as view from saved_view order by owner, name`,
    );
    expect(rows.map(({ view }) => view)).toEqual([
      'ann: both',
      'ann: laptop',
      'ann: own',
      'token ci: shared',
      'tokenizer: tokens',
    ]);
  },
);
