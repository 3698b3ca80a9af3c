import { expect } from 'vitest';
import { ensurePartitions } from '../partitions.ts';
import { itOfStep } from './step.testing.ts';

const CAME = '2026-11-02T00:00:00Z';
const WENT = '2026-11-03T00:00:00Z';
const LATER = '2026-11-07T00:00:00Z';
const SINCE = '2026-11-09T00:00:00Z';
const ALWAYS = '-infinity';

itOfStep(
  '0046-briefly-seen-kinds',
  'knows a kind from its first object on, however short that lived, and lowers nothing else',
  async ({ pool, apply }) => {
    await ensurePartitions(pool, new Date(SINCE));
    const kinds = [
      { kind: 'Secret', state: 'denied', since: SINCE },
      { kind: 'Node', state: 'pending', since: SINCE },
    ];
    await pool.query(
      `insert into cluster (uid, ca_hash, name, server, first_seen, kinds) values ('u', 'c', 'prod', '', '2026-11-01', $1)`,
      [JSON.stringify(kinds)],
    );
    // As the step before left them: the first two by objects of more versions or by the last start, the third by the server.
    const seen = [
      ['Pod', SINCE, null],
      ['Job', LATER, SINCE],
      ['Job', '2026-11-10T00:00:00Z', null],
      ['Lease', ALWAYS, null],
      ['Service', SINCE, null],
    ];
    for (const row of seen)
      await pool.query(
        'insert into seen_kind (cluster_id, kind, seen_from, seen_until) values (1, $1, $2, $3)',
        row,
      );
    await pool.query(
      `insert into resource_past (cluster_id, kind, namespace, name, api_version, uid, body_hash, instance, is_workload, first_seen,
         valid_from, valid_to)
       select 1, kind, '', 'x', 'v1', 'u', gen_random_uuid(), '{}', false, null, '${CAME}', '${WENT}'
       from unnest(array['Pod', 'Job', 'Lease', 'Secret', 'Node', 'Gone']) kind`,
    );

    await apply();

    const { rows } = await pool.query(
      'select kind, seen_from::text as from, seen_until as until from seen_kind order by kind, seen_from',
    );
    const known = '2026-11-02 00:00:00+00';
    const since = '2026-11-09 00:00:00+00';
    expect(rows).toEqual([
      { kind: 'Gone', from: known, until: null },
      { kind: 'Job', from: known, until: new Date(SINCE) },
      { kind: 'Job', from: '2026-11-10 00:00:00+00', until: null },
      { kind: 'Lease', from: ALWAYS, until: null },
      { kind: 'Node', from: known, until: null },
      { kind: 'Pod', from: known, until: null },
      { kind: 'Secret', from: known, until: new Date(SINCE) },
      { kind: 'Service', from: since, until: null },
    ]);
  },
);
