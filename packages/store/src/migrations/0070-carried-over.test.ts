import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0070-carried-over', 'keeps what was before what is gathered', async ({ pool, apply }) => {
  await pool.query(
    `with c as (insert into channel (name, type, settings, secrets, created_at) values ('c', 'smtp', '{}', '', now()) returning id),
     d as (insert into delivery (channel_id, cluster_id, topic, key, state, at, due)
       select id, 1, 'digest', 'k', 'gathering', now(), now() from c returning id)
     insert into delivery_item (delivery_id, id, is_resolved, fingerprint, control, severity, kind, namespace, name, message, was)
     select id, 1, true, '00000000-0000-0000-0000-000000000001', 'c', 3, 'Pod', 'a', 'b', 'm', 3 from d`,
  );

  await apply();

  expect((await pool.query('select was, was_since from delivery_item')).rows).toEqual([
    { was: 3, was_since: null },
  ]);
});
