import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0061-recent-messages', 'finds again what routes have told', async ({ pool, apply }) => {
  await pool.query(
    `with c as (insert into channel (name, type, settings, secrets, created_at) values ('c', 'smtp', '{}', '', now()) returning id),
     r as (
       insert into route (channel_id, severity, digest_minutes, tells_resolved, created_at) select id, 3, 0, true, now() from c
       returning id, channel_id
     )
     insert into delivery (channel_id, route_id, cluster_id, topic, key, state, at, due)
     select channel_id, id, 1, 'control', '1 control c of shop', 'sent', now(), now() from r`,
  );

  await apply();

  const { rows } = await pool.query(
    "select key from delivery where route_id = (select id from route) and at > now() - interval '1 minute'",
  );
  expect(rows).toEqual([{ key: '1 control c of shop' }]);
});
