import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0077-owners-of-changes',
  'tells of the changes of pods to which workload these belong, now or when they were there',
  async ({ pool, apply }) => {
    await pool.query(
      `create table change_2026_11 partition of change for values from ('2026-11-01') to ('2026-12-01');
       create table resource_past_2026_11 partition of resource_past for values from ('2026-11-01') to ('2026-12-01');
       insert into resource (cluster_id, kind, namespace, name, api_version, uid, owner_kind, owner_name, body_hash, digest, instance,
         labels, is_workload, images, service_account, first_seen, valid_from)
       select 1, kind, 'shop', name, 'v1', 'u-' || name, owner_kind, owner_name, gen_random_uuid(), gen_random_uuid(), '{}', '{}', false,
         '{}', '', '2026-11-02', '2026-11-02'
       from (values ('Pod', 'live', 'Op', 'kafka'), ('Pod', 'alone', 'Pod', 'alone'), ('Secret', 'key', 'Op', 'kafka'))
         x(kind, name, owner_kind, owner_name);
       insert into resource_past (cluster_id, kind, namespace, name, api_version, uid, owner_kind, owner_name, body_hash, instance,
         is_workload, valid_from, valid_to)
       values (1, 'Pod', 'shop', 'live', 'v1', 'u-old', 'Op', 'before', gen_random_uuid(), '{}', false, '2026-11-01', '2026-11-02'),
         (1, 'Pod', 'shop', 'gone', 'v1', 'u-gone', 'Op', 'kafka', gen_random_uuid(), '{}', false, '2026-11-01', '2026-11-02'),
         (1, 'Pod', 'shop', 'own', 'v1', 'u-own', null, null, gen_random_uuid(), '{}', false, '2026-11-01', '2026-11-02');
       insert into change (cluster_id, at, kind, namespace, name, api_version, verb, actor, uid)
       select 1, '2026-11-02', kind, 'shop', name, 'v1', 'created', '{}', uid
       from (values ('Pod', 'live', 'u-live'), ('Pod', 'live', 'u-old'), ('Pod', 'gone', 'u-gone'), ('Pod', 'gone', null),
         ('Pod', 'own', 'u-own'), ('Pod', 'alone', 'u-alone'), ('Pod', 'unknown', 'u'), ('Secret', 'key', 'u-key')) x(kind, name, uid)`,
    );

    await apply();

    const { rows } = await pool.query<{ said: string }>(
      `select concat_ws(' ', name, uid, owner_kind, owner_name) as said from change order by id`,
    );
    expect(rows.map(({ said }) => said)).toEqual([
      'live u-live Op kafka',
      'live u-old Op before',
      'gone u-gone Op kafka',
      'gone Op kafka',
      'own u-own',
      'alone u-alone',
      'unknown u',
      'key u-key',
    ]);
  },
);
