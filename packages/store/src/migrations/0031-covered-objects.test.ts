import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

const OBJECT = `
insert into resource (cluster_id, kind, namespace, name, api_version, uid, owner_kind, owner_name, body_hash, digest, instance,
  labels, is_workload, images, service_account, team, first_seen, valid_from)
values (1, 'Pod', 'shop', 'web', 'v1', 'u', 'Pod', 'web', gen_random_uuid(), gen_random_uuid(), '{}', '{}', false, '{}', '',
  $1, now(), now())`;

itOfStep(
  '0031-covered-objects',
  'keeps each object, once, and whatever its owner is called',
  async ({ pool, apply }) => {
    await pool.query(OBJECT, ['storefront']);

    await apply();

    await expect(pool.query(OBJECT, ['storefront'])).rejects.toThrow('resource_pkey');
    await expect(pool.query(OBJECT, ['another'])).rejects.toThrow('resource_pkey');
    const { rows } = await pool.query('select kind, namespace, name, team from resource');
    expect(rows).toEqual([{ kind: 'Pod', namespace: 'shop', name: 'web', team: 'storefront' }]);
  },
);
