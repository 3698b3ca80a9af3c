import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

const REQUEST = `insert into exception (scope, reason, until, state, created_by, created_at, cluster_id, kind, namespace, name, control, annotation)
  values ('{}', $1, $2, 'requested', '', now(), 1, 'Pod', '', 'a', 'host-pid', 'bulwark.dev/except.host-pid')`;

itOfStep(
  '0014-requests',
  'keeps exceptions, which no annotation asks for, and holds each request once',
  async ({ pool, apply }) => {
    for (let times = 0; times < 2; times++)
      await pool.query(
        `insert into exception (scope, reason, state, created_by, created_at) values ('{}', 'why', 'revoked', 'ann', now())`,
      );

    await apply();

    const { rows } = await pool.query(
      'select id, reason, state, created_by, annotation, cluster_id, revoked_by from exception order by id',
    );
    await pool.query(REQUEST, ['why', null]);
    await pool.query(REQUEST, ['why', '2027-01-01']);
    await pool.query(REQUEST, ['x'.repeat(100_000), null]);
    const again = await pool.query(REQUEST, ['why', null]).catch((error: { code?: string }) => error.code);
    const kept = { reason: 'why', state: 'revoked', created_by: 'ann' };
    const asked = { annotation: null, cluster_id: null, revoked_by: null };
    expect(rows).toEqual([1, 2].map((id) => ({ id, ...kept, ...asked })));
    expect(again).toBe('23505');
  },
);
