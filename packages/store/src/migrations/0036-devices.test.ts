import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0036-devices', 'keeps the users, whose devices go with them', async ({ pool, apply }) => {
  await pool.query(
    `insert into app_user (name, role, limits, failures, created_at) values ('ann', 'viewer', '{}', 7, now())`,
  );

  await apply();

  expect((await pool.query('select name, failures from app_user')).rows).toEqual([
    { name: 'ann', failures: 7 },
  ]);
  await pool.query(`insert into device (hash, user_id, expires) select 'hash', id, now() from app_user`);
  await pool.query('delete from app_user');
  expect((await pool.query('select from device')).rowCount).toBe(0);
});
