import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

const day = (number: number): Date => new Date(Date.UTC(2026, 10, number));

itOfStep(
  '0011-sums-of-fixable',
  'gives sums of what is fixable and of times from the findings that are there',
  async ({ pool, apply }) => {
    await pool.query(
      `insert into finding (cluster_id, fingerprint, digest, control, severity, kind, api_version, namespace, name, path,
         message, fixable, exception, first_seen, valid_from)
       select 1, gen_random_uuid(), gen_random_uuid(), 'c', 3, 'Pod', 'v1', 'shop', name, '', message, fixable,
         exception::jsonb, at::timestamptz, at::timestamptz
       from (values ('web', 'b', true, null, '2026-11-02T00:00Z'), ('web', 'a', false, null, '2026-11-05T00:00Z'),
         ('api', 'c', true, null, '2026-11-03T00:00Z'), ('api', 'd', true, '{}', '2026-11-07T00:00Z')) as x(name, message, fixable, exception, at)`,
    );
    await pool.query(
      `insert into workload_risk (cluster_id, kind, namespace, name, digest, points, reach, reasons)
       values (1, 'Pod', 'shop', 'web', gen_random_uuid(), 7, 'internet', '[]')`,
    );
    await pool.query(
      `insert into counter (cluster_id, namespace, control, kind, severity, team, environment, criticality, open, excepted, fixable, objects)
       values (1, 'shop', 'c', 'Pod', 3, '', '', '', 3, 1, 2, 2)`,
    );
    await pool.query(
      `insert into object_counter (cluster_id, namespace, name, kind, team, environment, criticality, counts, open, excepted, worst)
       values (1, 'shop', 'web', 'Pod', '', '', '', '{0,0,0,2,0}', 2, 0, 3), (1, 'shop', 'gone', 'Pod', '', '', '', '{0,0,0,0,0}', 0, 1, -1)`,
    );

    await apply();

    const { rows: places } = await pool.query(
      `select newest, fixable_objects, fixable_exposed, fixable_oldest, fixable_newest, fixable_example, fixable_riskiest from counter`,
    );
    const { rows: objects } = await pool.query(
      'select name, newest, fixable_oldest, fixable_newest, fixable_example from object_counter order by name desc',
    );
    expect(places).toEqual([
      {
        newest: day(5),
        fixable_objects: 2,
        fixable_exposed: 1,
        fixable_oldest: day(2),
        fixable_newest: day(3),
        fixable_example: 'b',
        fixable_riskiest: '1007|1|Pod|shop|web',
      },
    ]);
    const ofHigh = (value: unknown) => [null, null, null, value, null];
    expect(objects).toEqual([
      {
        name: 'web',
        newest: ofHigh(day(5)),
        fixable_oldest: ofHigh(day(2)),
        fixable_newest: ofHigh(day(2)),
        fixable_example: ofHigh('b'),
      },
      { name: 'gone', newest: [], fixable_oldest: [], fixable_newest: [], fixable_example: [] },
    ]);
  },
);
