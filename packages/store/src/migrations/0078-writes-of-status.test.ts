import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0078-writes-of-status', 'keeps requests as such of the object itself', async ({ pool, apply }) => {
  await pool.query(
    `insert into audit_event (cluster_id, id, audit_id, effect, kind, namespace, name, received, done, actor, arrived)
     values (1, gen_random_uuid(), 'a', 'changed', 'apps/Deployment', 'shop', 'web', now(), now(), '{}', now())`,
  );

  await apply();

  const { rows } = await pool.query('select name, is_of_status as "isOfStatus" from audit_event');
  expect(rows).toEqual([{ name: 'web', isOfStatus: false }]);
});
