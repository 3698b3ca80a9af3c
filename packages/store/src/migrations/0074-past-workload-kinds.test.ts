import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0074-past-workload-kinds',
  'finds the kinds of what ran in months that are there',
  async ({ pool, apply }) => {
    await pool.query(`create table resource_past_2026_11 partition of resource_past for values from ('2026-11-01') to ('2026-12-01');
    insert into resource_past (cluster_id, kind, namespace, name, api_version, uid, body_hash, instance, is_workload, valid_from, valid_to)
    select 1, kind, 'shop', 'web-' || n, 'v1', '', gen_random_uuid(), '{}', kind <> 'Pod', '2026-11-02', '2026-11-03'
    from unnest(array['Pod', 'apps/Deployment', 'batch/Job']) kind, generate_series(1, 100) n`);

    await apply();
    await pool.query('set enable_seqscan = off');
    const next = `select kind from resource_past where is_workload and cluster_id = 1 and kind > 'apps/Deployment' order by kind limit 1`;
    const plan = await pool.query(`explain ${next}`);

    expect((await pool.query(next)).rows).toEqual([{ kind: 'batch/Job' }]);
    expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toContain(
      'using resource_past_2026_11_cluster_id_kind_idx on resource_past_2026_11',
    );
  },
);
