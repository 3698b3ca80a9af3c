import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

const uuid = (last: number) => `00000000-0000-0000-0000-00000000000${last}`;

itOfStep(
  '0049-told-ends',
  'takes for told as ended what messages tell of and is not there any more',
  async ({ pool, apply }) => {
    await pool.query(
      `insert into finding (cluster_id, fingerprint, digest, control, severity, kind, api_version, namespace, name, path, message,
         fixable, first_seen, valid_from)
       select cluster, fingerprint::uuid, fingerprint::uuid, 'c', 3, 'Pod', 'v1', 'shop', 'web', '', 'm', false, now(), now()
       from (values (1, '${uuid(1)}'), (2, '${uuid(2)}')) as x(cluster, fingerprint)`,
    );
    await pool.query(
      `with c as (insert into channel (name, type, settings, secrets, created_at) values ('c', 'smtp', '{}', '', now()) returning id),
       d as (
         insert into delivery (channel_id, cluster_id, topic, key, state, at, due)
         select id, 1, 'digest', '1 digest', 'sent', now(), now() from c returning id
       )
       insert into told_finding select d.id, fingerprint::uuid from d, unnest(array['${uuid(1)}', '${uuid(2)}']) as fingerprint`,
    );

    await apply();

    const { rows } = await pool.query('select fingerprint, is_resolved from told_finding order by 1');
    expect(rows).toEqual([
      { fingerprint: uuid(1), is_resolved: false },
      { fingerprint: uuid(2), is_resolved: true },
    ]);
  },
);
