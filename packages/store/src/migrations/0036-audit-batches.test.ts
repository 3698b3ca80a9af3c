import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0036-audit-batches', 'keeps what was counted, and each batch once', async ({ pool, apply }) => {
  await pool.query(
    `insert into audit_source (cluster_id, source, first_seen, events) values (1, 'webhook', now(), 7)`,
  );

  await apply();

  const { rows } = await pool.query('select events from audit_source');
  expect(rows).toEqual([{ events: 7 }]);
  const batch = `insert into audit_batch values (1, 'digest', now())`;
  await pool.query(batch);
  await expect(pool.query(batch)).rejects.toThrow('audit_batch_pkey');
});
