import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0004-views',
  'keeps the exceptions that were there, as made from no query',
  async ({ pool, apply }) => {
    await pool.query(
      `insert into exception (scope, reason, state, created_by, created_at)
       values ('{"controls": ["x"]}', 'fine', 'active', 'ann', '2026-11-26T10:00:00Z')`,
    );

    await apply();

    const { rows } = await pool.query('select reason, query from exception');
    expect(rows).toEqual([{ reason: 'fine', query: null }]);
  },
);
