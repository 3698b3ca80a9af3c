import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0083-perhaps-failed', 'keeps requests as such that did not fail', async ({ pool, apply }) => {
  await pool.query(
    `insert into audit_event (cluster_id, id, audit_id, effect, kind, namespace, name, received, done, actor, arrived)
     values (1, gen_random_uuid(), 'a', 'changed', 'apps/Deployment', 'shop', 'web', now(), now(), '{}', now())`,
  );

  await apply();

  const { rows } = await pool.query('select name, may_have_failed as "mayHaveFailed" from audit_event');
  expect(rows).toEqual([{ name: 'web', mayHaveFailed: false }]);
});
