import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0082-between-owners', 'finds what runs the pods of a workload by it', async ({ pool, apply }) => {
  await apply();
  await pool.query('set enable_seqscan = off');

  const plan = await pool.query(
    `explain select from resource where kind in ('apps/ReplicaSet', 'batch/Job') and cluster_id = 1
       and owner_kind = 'apps/Deployment' and namespace = 'shop' and owner_name = 'web'`,
  );

  expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('resource_between');
});
