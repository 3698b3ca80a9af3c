import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0070-taken-back', 'keeps what was approved', async ({ pool, apply }) => {
  await pool.query(
    `insert into exception (scope, reason, state, created_by, created_at, approved_by, approved_at)
     values ('{}', 'why', 'active', '', now(), 'bob', now())`,
  );

  await apply();

  const { rows } = await pool.query(
    'select state, approved_by, approved_person, taken_back_from from exception',
  );
  expect(rows).toEqual([
    { state: 'active', approved_by: 'bob', approved_person: null, taken_back_from: null },
  ]);
});
