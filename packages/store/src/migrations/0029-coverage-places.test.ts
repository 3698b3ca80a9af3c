import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0029-coverage-places',
  'keeps what was not seen, and tells of objects to nobody with limits until it is known where they are',
  async ({ pool, apply }) => {
    await pool.query(
      `insert into coverage (cluster_id, code, subject, kind, reason, since)
       values (1, 'control-error', 'Pod/web', 'lost', 'x', now()), (1, 'missing-permission', 'Secret', 'lost', 'x', now())`,
    );

    await apply();

    const { rows } = await pool.query('select subject, namespace from coverage order by 1');
    expect(rows).toEqual([
      { subject: 'Pod/web', namespace: '' },
      { subject: 'Secret', namespace: null },
    ]);
  },
);
