import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0062-told-items', 'takes for items what messages have told of before', async ({ pool, apply }) => {
  await pool.query(
    `with c as (insert into channel (name, type, settings, secrets, created_at) values ('c', 'smtp', '{}', '', now()) returning id),
     d as (
       insert into delivery (channel_id, cluster_id, topic, key, state, at, due)
       select id, 1, 'digest', '1 digest', 'sent', now(), now() from c returning id
     )
     insert into told_finding (delivery_id, fingerprint) select id, '00000000-0000-0000-0000-000000000001' from d`,
  );

  await apply();

  expect((await pool.query('select is_item from told_finding')).rows).toEqual([{ is_item: true }]);
});
