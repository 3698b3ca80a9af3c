import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0008-sums',
  'gives sums of objects by severity from the findings that are there',
  async ({ pool, apply }) => {
    await pool.query(
      `insert into finding (cluster_id, fingerprint, digest, control, severity, kind, api_version, namespace, name, path,
         message, fixable, exception, first_seen, valid_from)
       select 1, gen_random_uuid(), gen_random_uuid(), 'c', severity, 'Pod', 'v1', 'shop', 'web', '', message, fixable,
         exception::jsonb, at::timestamptz, at::timestamptz
       from (values (3, 'b', true, null, '2026-11-02T00:00Z'), (3, 'a', false, null, '2026-11-01T00:00Z'),
         (1, 'c', true, null, '2026-11-03T00:00Z'), (4, 'd', true, '{}', '2026-11-03T00:00Z')) as x(severity, message, fixable, exception, at)`,
    );
    await pool.query(
      `insert into object_counter (cluster_id, namespace, name, kind, team, environment, criticality, counts, open, excepted,
         fixable, worst, oldest, example)
       values (1, 'shop', 'web', 'Pod', '', '', '', '{0,1,0,2,0}', 3, 1, 2, 3, '2026-11-01T00:00Z', 'a'),
         (1, 'shop', 'gone', 'Pod', '', '', '', '{0,0,0,0,0}', 0, 1, 0, -1, null, null)`,
    );

    await apply();

    const { rows } = await pool.query(
      'select name, counts, fixable, oldest, example from object_counter order by name desc',
    );
    expect(rows).toEqual([
      {
        name: 'web',
        counts: [0, 1, 0, 2, 0],
        fixable: [0, 1, 0, 1, 0],
        oldest: [null, new Date('2026-11-03T00:00Z'), null, new Date('2026-11-01T00:00Z'), null],
        example: [null, 'c', null, 'a', null],
      },
      { name: 'gone', counts: [0, 0, 0, 0, 0], fixable: [0, 0, 0, 0, 0], oldest: [], example: [] },
    ]);
  },
);
