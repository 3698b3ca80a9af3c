import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0002-audit-log', 'keeps changes that were there, in every partition', async ({ pool, apply }) => {
  for (const month of ['10', '11'])
    await pool.query(
      `create table change_2026_${month} partition of change for values from ('2026-${month}-01') to ('2026-${Number(month) + 1}-01')`,
    );
  await pool.query(
    `insert into change (cluster_id, at, kind, namespace, name, api_version, verb, actor)
       select 1, at, 'Pod', 'shop', 'web', 'v1', 'created', '{"user":null,"managers":["kubectl"]}'
       from unnest(array['2026-10-05', '2026-11-05']::timestamptz[]) as x(at)`,
  );

  await apply();

  const { rows } = await pool.query(
    `select actor->'managers'->>0 as manager, uid, since from change order by at`,
  );
  expect(rows).toEqual([
    { manager: 'kubectl', uid: null, since: null },
    { manager: 'kubectl', uid: null, since: null },
  ]);
});
