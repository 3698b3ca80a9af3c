import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0009-triage-log',
  'keeps the triage that was there, of which nobody knows who made it',
  async ({ pool, apply }) => {
    await pool.query(
      `insert into triage (cluster_id, fingerprint, assignee, acknowledged)
       values (1, '00000000-0000-0000-0000-000000000001', 'ann', true)`,
    );

    await apply();

    const { rows } = await pool.query('select assignee, acknowledged from triage');
    const { rows: events } = await pool.query('select * from triage_event');
    expect([rows, events]).toEqual([[{ assignee: 'ann', acknowledged: true }], []]);
  },
);
