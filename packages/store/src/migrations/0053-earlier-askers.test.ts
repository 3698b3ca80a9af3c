import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0053-earlier-askers',
  'keeps what was asked for with the change that asked, and knows of none before it',
  async ({ pool, apply }) => {
    await pool.query(
      `insert into exception (scope, reason, state, created_by, created_at, cluster_id, kind, namespace, name, control, annotation,
         change_id)
       values ('{}', 'because', 'requested', '', now(), 1, 'Pod', 'shop', 'a', 'host-pid', 'bulwark.dev/except.host-pid', 7)`,
    );

    await apply();

    const { rows } = await pool.query('select change_id, earlier_changes from exception');
    expect(rows).toEqual([{ change_id: 7, earlier_changes: [] }]);
  },
);
