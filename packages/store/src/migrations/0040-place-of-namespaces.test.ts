import type { Pool } from 'pg';
import { expect } from 'vitest';
import { findFinding } from '../read/findings.ts';
import { countsByControl } from '../read/requirements.ts';
import { scopeOf } from '../scope.ts';
import { openStore } from '../store.ts';
import { itOfStep } from './step.testing.ts';

const SHOP = scopeOf({ clusters: 'all', namespaces: ['shop'] });
const NOW = new Date('2026-11-26T10:00:00Z');

const fingerprintOf = (digit: number): string => String(digit).repeat(32);

/** Kind, name, control, severity, since when, until when, and whether it is accepted. */
const FINDINGS = [
  ['Namespace', '', 'shop', 'quota', 3, '2026-11-20', null, null],
  ['Namespace', '', 'pay', 'quota', 3, '2026-11-24', null, null],
  ['Namespace', '', 'shop', 'labels', 1, '2026-11-20', null, '{"id": 1}'],
  ['ClusterRole', '', 'shop', 'quota', 3, '2026-11-20', null, null],
  ['Pod', 'shop', 'web', 'quota', 3, '2026-11-20', null, null],
  ['Namespace', '', 'gone', 'quota', 3, '2026-11-20', '2026-11-22T12:00Z', null],
] as const;

/** The database as the step before would have written it. */
async function fill(pool: Pool): Promise<void> {
  await pool.query(`create table finding_past_2026_11 partition of finding_past for values from ('2026-11-01') to ('2026-12-01');
    insert into cluster (uid, ca_hash, name, server, first_seen, written_at)
    values ('u', 'c', 'prod', '', '2026-11-20', '2026-11-26')`);
  for (const [index, [kind, namespace, name, control, severity, from, to, exception]] of FINDINGS.entries()) {
    const columns =
      'cluster_id, fingerprint, control, severity, kind, api_version, namespace, name, path, message, fixable, exception, first_seen, valid_from';
    const values = `1, $1::uuid, $4, $5::smallint, $2, 'v1', $3, $6, '', $7, true, $8::jsonb, $9::timestamptz, $9::timestamptz`;
    const row = [
      fingerprintOf(index),
      kind,
      namespace,
      control,
      severity,
      name,
      `of ${name}`,
      exception,
      from,
    ];
    await (to === null
      ? pool.query(`insert into finding (${columns}, digest) values (${values}, $1::uuid)`, row)
      : pool.query(
          `insert into finding_past (${columns}, valid_to, is_resolved) values (${values}, $10, true)`,
          [...row, to],
        ));
  }
  await pool.query(`
    insert into counter (cluster_id, namespace, control, kind, severity, team, environment, criticality, open, excepted, fixable, objects)
    values (1, '', 'quota', 'Namespace', 3, '', '', '', 2, 0, 2, 2), (1, '', 'labels', 'Namespace', 1, '', '', '', 0, 1, 0, 0),
      (1, '', 'quota', 'ClusterRole', 3, '', '', '', 1, 0, 1, 1), (1, 'shop', 'quota', 'Pod', 3, '', '', '', 1, 0, 1, 1);
    insert into object_counter (cluster_id, namespace, name, kind, team, environment, criticality, counts, open, excepted, worst)
    values (1, '', 'shop', 'Namespace', '', '', '', '{0,0,0,1,0}', 1, 1, 3), (1, '', 'pay', 'Namespace', '', '', '', '{0,0,0,1,0}', 1, 0, 3),
      (1, '', 'shop', 'ClusterRole', '', '', '', '{0,0,0,1,0}', 1, 0, 3), (1, 'shop', 'web', 'Pod', '', '', '', '{0,0,0,1,0}', 1, 0, 3);
    insert into posture_day (cluster_id, day, namespace, severity, open)
    values (1, '2026-11-19', '', 3, 1), (1, '2026-11-20', '', 3, 3), (1, '2026-11-20', 'shop', 3, 1), (1, '2026-11-22', '', 3, 2),
      (1, '2026-11-22', 'shop', 3, 1), (1, '2026-11-24', '', 3, 3), (1, '2026-11-24', 'shop', 3, 1), (2, '2026-11-24', '', 3, 9);
    insert into past_counter (cluster_id, at, namespaces, controls, severities, open, excepted)
    values (1, '2026-11-25', '{"",shop}', '{quota,quota}', '{3,3}', '{3,1}', '{0,0}');
    insert into notice (cluster_id, is_first, is_resolved, fingerprint, control, severity, kind, namespace, name, message)
    values (1, false, false, gen_random_uuid(), 'quota', 3, 'Namespace', '', 'shop', ''), (1, false, false, gen_random_uuid(), 'quota', 3, 'Node', '', 'n', '');
    insert into exception (scope, reason, state, created_by, created_at, cluster_id, kind, namespace, name, control, annotation)
    values ('{"namespaces": [""], "names": ["shop"]}', 'r', 'requested', '', now(), 1, 'Namespace', '', 'shop', 'labels', 'a'),
      ('{"namespaces": [""], "names": ["admin"]}', 'r', 'requested', '', now(), 1, 'ClusterRole', '', 'admin', 'wild', 'a')`);
}

itOfStep(
  '0040-place-of-namespaces',
  'finds what was found about a Namespace in it, live and past, with all sums, which stay what they were together',
  async ({ url, pool, apply }) => {
    await fill(pool);
    const rowsOf = async (query: string): Promise<unknown[][]> =>
      (await pool.query({ text: query, rowMode: 'array' })).rows;
    const days =
      'select cluster_id, day, severity, sum(open)::int from posture_day group by 1, 2, 3 order by 1, 2, 3';
    const before = await rowsOf(days);

    await apply();

    const placed = 'select kind, namespace, name from';
    expect(await rowsOf(`${placed} finding order by fingerprint`)).toEqual([
      ['Namespace', 'shop', 'shop'],
      ['Namespace', 'pay', 'pay'],
      ['Namespace', 'shop', 'shop'],
      ['ClusterRole', '', 'shop'],
      ['Pod', 'shop', 'web'],
    ]);
    expect(await rowsOf(`${placed} finding_past`)).toEqual([['Namespace', 'gone', 'gone']]);
    expect(await rowsOf(`${placed} notice order by id`)).toEqual([
      ['Namespace', 'shop', 'shop'],
      ['Node', '', 'n'],
    ]);
    expect(await rowsOf(`${placed} object_counter order by kind, namespace`)).toEqual([
      ['ClusterRole', '', 'shop'],
      ['Namespace', 'pay', 'pay'],
      ['Namespace', 'shop', 'shop'],
      ['Pod', 'shop', 'web'],
    ]);
    expect(
      await rowsOf(
        `select namespace, control, kind, open, excepted, fixable, objects, example, oldest = newest, fixable_objects
         from counter order by kind, namespace, control`,
      ),
    ).toEqual([
      ['', 'quota', 'ClusterRole', 1, 0, 1, 1, null, null, 0],
      ['pay', 'quota', 'Namespace', 1, 0, 1, 1, 'of pay', true, 1],
      ['shop', 'labels', 'Namespace', 0, 1, 0, 0, null, null, 0],
      ['shop', 'quota', 'Namespace', 1, 0, 1, 1, 'of shop', true, 1],
      ['shop', 'quota', 'Pod', 1, 0, 1, 1, null, null, 0],
    ]);
    expect(await rowsOf(days)).toEqual(before);
    expect(
      await rowsOf(
        "select to_char(day, 'DD'), namespace, open from posture_day where cluster_id = 1 order by day, namespace",
      ),
    ).toEqual([
      ['19', '', 1],
      ['20', '', 1],
      ['20', 'gone', 1],
      ['20', 'shop', 2],
      ['22', '', 1],
      ['22', 'shop', 2],
      ['24', '', 1],
      ['24', 'pay', 1],
      ['24', 'shop', 2],
    ]);
    expect(await rowsOf('select kind, namespace, scope from exception order by id')).toEqual([
      ['Namespace', '', { namespaces: ['shop'], names: ['shop'] }],
      ['ClusterRole', '', { namespaces: [''], names: ['admin'] }],
    ]);

    const store = await openStore({ url, now: NOW, connections: 1 });
    try {
      const found = await findFinding(store, SHOP, { cluster: 1, fingerprint: fingerprintOf(0) });
      expect(found).toMatchObject({ kind: 'Namespace', namespace: '', name: 'shop' });
      for (const asOf of [undefined, new Date('2026-11-23T00:00Z')])
        expect(await countsByControl(store, SHOP, asOf)).toEqual(
          expect.arrayContaining([{ control: 'quota', open: 2, excepted: 0 }]),
        );
    } finally {
      await store.close();
    }
  },
);
