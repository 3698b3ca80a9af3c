import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0085-clock-ahead', 'says nothing of the clocks of clusters of before', async ({ pool, apply }) => {
  await pool.query(`insert into cluster (uid, ca_hash, name, server, first_seen, written_at)
    values ('u', 'c', 'prod', '', '2026-11-01', '2027-06-16')`);

  await apply();

  const { rows } = await pool.query(
    `select name, written_at::date::text as written, clock_skew as skew, (select count(*)::int from clock_ahead) as ahead from cluster`,
  );
  expect(rows).toEqual([{ name: 'prod', written: '2027-06-16', skew: null, ahead: 0 }]);
});
