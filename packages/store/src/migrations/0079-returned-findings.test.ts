import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

const COLUMNS =
  'cluster_id, fingerprint, control, severity, kind, api_version, namespace, name, path, message, fixable, first_seen, valid_from';
const VALUES = (name: string) =>
  `1, md5('${name}')::uuid, 'c', 1, 'Pod', 'v1', 'shop', '${name}', 'p', 'm', false, '2026-11-01'`;

itOfStep(
  '0079-returned-findings',
  'tells of what was resolved when it was there again',
  async ({ pool, apply }) => {
    const past = (name: string, from: number, to: number, isResolved: boolean) =>
      pool.query(
        `insert into finding_past (${COLUMNS}, valid_to, is_resolved)
         values (${VALUES(name)}, '2026-11-0${from}', '2026-11-0${to}', $1)`,
        [isResolved],
      );
    await pool.query(
      `create table finding_past_2026_11 partition of finding_past for values from ('2026-11-01') to ('2026-12-01')`,
    );
    await past('gone', 1, 2, true);
    await past('again', 1, 2, true);
    await past('twice', 1, 2, true);
    await past('twice', 3, 4, false);
    await past('twice', 4, 5, true);
    await past('another', 1, 2, false);
    for (const [name, from] of [
      ['again', 6],
      ['another', 2],
    ] as const)
      await pool.query(
        `insert into finding (${COLUMNS}, digest) values (${VALUES(name)}, '2026-11-0${from}', gen_random_uuid())`,
      );

    await apply();

    const { rows } = await pool.query<{ said: string }>(
      `select concat_ws(' ', name, valid_to::date, coalesce(returned_at::date::text, 'not')) as said from finding_past order by name, valid_to`,
    );
    expect(rows.map(({ said }) => said)).toEqual([
      'again 2026-11-02 2026-11-06',
      'another 2026-11-02 not',
      'gone 2026-11-02 not',
      'twice 2026-11-02 2026-11-03',
      'twice 2026-11-04 not',
      'twice 2026-11-05 not',
    ]);
  },
);
