import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0045-resource-labels',
  'keeps objects, and finds them by their labels in lower case',
  async ({ pool, apply }) => {
    await pool.query(`
      insert into resource (cluster_id, kind, namespace, name, api_version, uid, owner_kind, owner_name, body_hash, digest,
        instance, labels, is_workload, images, service_account, first_seen, valid_from)
      select 1, 'ConfigMap', 'shop', name, 'v1', '', '', '', gen_random_uuid(), gen_random_uuid(),
        '{}', labels::jsonb, false, '{}', '', now(), now()
      from (values ('a', '{"App": "Web", "tier": "1"}'), ('b', '{}'), ('c', '{"app": "api"}')) as v(name, labels)`);

    await apply();

    const { rows } = await pool.query(
      "select name from resource where label_words(labels) @> array['app=web']",
    );
    expect(rows).toEqual([{ name: 'a' }]);
    const all = await pool.query('select count(*)::int as count from resource');
    expect(all.rows).toEqual([{ count: 3 }]);
  },
);
