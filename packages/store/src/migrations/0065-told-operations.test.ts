import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0065-told-operations', 'knows which channel was told what', async ({ pool, apply }) => {
  await pool.query(
    `with c as (insert into channel (name, type, settings, secrets, created_at) values ('c', 'smtp', '{}', '', now()) returning id),
     r as (insert into route (channel_id, severity, digest_minutes, tells_resolved, about, created_at)
       select id, 0, 0, true, 'operations', '2026-11-26T10:00:00Z' from c returning id)
     insert into trouble (route_id, cluster_id, subject, since)
     select r.id, 1, x.subject, x.since::timestamptz from r, (values ('away', '2026-11-26T09:00:00Z'),
       ('lost before', '2026-11-26T09:00:00Z'), ('lost since', '2026-11-26T11:00:00Z')) as x(subject, since)`,
  );

  await apply();

  const { rows } = await pool.query('select subject from trouble where channel_id is not null order by 1');
  expect(rows.map(({ subject }) => subject)).toEqual(['away', 'lost since']);
});
