import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0063-moved-findings', 'keeps what waits to be told', async ({ pool, apply }) => {
  await pool.query(
    `insert into notice (cluster_id, is_first, is_resolved, fingerprint, control, severity, kind, namespace, name, message, team,
       was, was_accepted)
     values (1, false, false, '00000000-0000-0000-0000-000000000001', 'c', 3, 'Pod', 'a', 'b', 'm', 'shop', 2, false)`,
  );

  await apply();

  expect((await pool.query('select team, was, was_team from notice')).rows).toEqual([
    { team: 'shop', was: 2, was_team: null },
  ]);
});
