import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0068-handed-over', 'keeps what was gathered as what was opened', async ({ pool, apply }) => {
  await pool.query(
    `with c as (insert into channel (name, type, settings, secrets, created_at) values ('c', 'smtp', '{}', '', now()) returning id),
     d as (insert into delivery (channel_id, cluster_id, topic, key, state, at, due)
       select id, 1, 'digest', 'k', 'gathering', now(), now() from c returning id)
     insert into delivery_item (delivery_id, id, is_resolved, fingerprint, control, severity, kind, namespace, name, message, team)
     select id, 1, false, '00000000-0000-0000-0000-000000000001', 'c', 3, 'Pod', 'a', 'b', 'm', 'shop' from d`,
  );

  await apply();

  expect((await pool.query('select team, is_move, was_team from delivery_item')).rows).toEqual([
    { team: 'shop', is_move: false, was_team: null },
  ]);
});
