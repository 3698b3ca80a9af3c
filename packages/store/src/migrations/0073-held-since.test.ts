import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0073-held-since', 'keeps what is held back with what was before', async ({ pool, apply }) => {
  await pool.query(
    `with c as (insert into channel (name, type, settings, secrets, created_at) values ('c', 'smtp', '{}', '', now()) returning id),
     r as (insert into route (channel_id, severity, digest_minutes, tells_resolved, created_at)
       select id, 0, 0, true, now() from c returning id)
     insert into held_finding (route_id, cluster_id, fingerprint, was, was_accepted, as_of)
     select id, 1, '00000000-0000-0000-0000-000000000001', 3, false, 7 from r`,
  );

  await apply();

  expect((await pool.query('select was, as_of::int, reader, was_since from held_finding')).rows).toEqual([
    { was: 3, as_of: 7, reader: null, was_since: null },
  ]);
});
