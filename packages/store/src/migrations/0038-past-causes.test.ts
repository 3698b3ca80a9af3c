import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0038-past-causes',
  'keeps the findings of the past, of which no cause is known',
  async ({ pool, apply }) => {
    await pool.query(
      `create table finding_past_2026_11 partition of finding_past for values from ('2026-11-01') to ('2026-12-01');
       insert into finding_past (cluster_id, fingerprint, control, severity, kind, api_version, namespace, name, path, message,
         fixable, first_seen, valid_from, valid_to, is_resolved)
       values (1, gen_random_uuid(), 'c', 3, 'Pod', 'v1', 'shop', 'web', '', 'm', false, '2026-11-02', '2026-11-02', '2026-11-03',
         true)`,
    );

    await apply();

    const { rows } = await pool.query('select control, causes from finding_past');
    expect(rows).toEqual([{ control: 'c', causes: null }]);
  },
);
