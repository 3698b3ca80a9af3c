import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0067-workload-index', 'puts all workloads in order without their rows', async ({ pool, apply }) => {
  await apply();
  await pool.query('set enable_seqscan = off');

  const plan = await pool.query(
    'explain select namespace, kind, name, first_seen from resource where is_workload and cluster_id = 1',
  );

  expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toContain(
    'Index Only Scan using resource_workload on resource',
  );
});
