import { expect } from 'vitest';
import { ensurePartitions } from '../partitions.ts';
import { itOfStep } from './step.testing.ts';

const AT = '2026-11-26T10:00:00Z';

itOfStep(
  '0029-known-namespaces',
  'knows the namespaces of all objects, of those that are gone, and those that are empty',
  async ({ pool, apply }) => {
    await ensurePartitions(pool, new Date(AT));
    await pool.query(
      `insert into resource (cluster_id, kind, namespace, name, api_version, uid, owner_kind, owner_name, body_hash, digest,
         instance, labels, is_workload, images, service_account, first_seen, valid_from)
       select 1, kind, namespace, name, 'v1', 'u', kind, name, gen_random_uuid(), gen_random_uuid(), '{}', '{}', false, '{}', '',
         now(), now()
       from (values ('Pod', 'shop', 'web'), ('Pod', 'shop', 'db'), ('Namespace', '', 'empty'), ('Node', '', 'n1')) as x(kind, namespace, name)`,
    );
    await pool.query(
      `insert into change (cluster_id, at, kind, namespace, name, api_version, verb, actor)
       values (2, $1, 'Pod', 'gone', 'x', 'v1', 'deleted', '{}'), (2, $1, 'Node', '', 'n2', 'v1', 'deleted', '{}')`,
      [AT],
    );

    await apply();

    const { rows } = await pool.query('select cluster_id, name from known_namespace order by 1, 2');
    expect(rows).toEqual([
      { cluster_id: 1, name: 'empty' },
      { cluster_id: 1, name: 'shop' },
      { cluster_id: 2, name: 'gone' },
    ]);
  },
);
