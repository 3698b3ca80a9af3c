import { expect } from 'vitest';
import { ensurePartitions } from '../partitions.ts';
import { itOfStep } from './step.testing.ts';

const KNOWN = '2026-11-02T00:00:00Z';
const GONE = '2026-11-05T00:00:00Z';
const SINCE = '2026-11-09T00:00:00Z';

itOfStep(
  '0041-seen-kinds',
  'knows a kind from its first object on, or from when it is seen, up to when it is seen no more',
  async ({ pool, apply }) => {
    await ensurePartitions(pool, new Date(SINCE));
    const kinds = [
      ['Pod', 'live'],
      ['Service', 'live'],
      ['Secret', 'denied'],
      ['Role', 'denied'],
      ['ConfigMap', 'absent'],
      ['Node', 'pending'],
    ].map(([kind, state]) => ({ kind, state, since: SINCE }));
    await pool.query(
      `insert into cluster (uid, ca_hash, name, server, first_seen, kinds) values ('u', 'c', 'prod', '', '2026-11-01', $1)`,
      [JSON.stringify(kinds)],
    );
    const columns =
      'cluster_id, kind, namespace, name, api_version, uid, owner_kind, owner_name, body_hash, instance, is_workload, images, service_account, first_seen, valid_from';
    const row = `1, kind, '', 'x', 'v1', 'u', kind, 'x', gen_random_uuid(), '{}', false, '{}', '', '${KNOWN}', '${KNOWN}'`;
    await pool.query(
      `insert into resource (${columns}, digest, labels) select ${row}, gen_random_uuid(), '{}' from unnest(array['Pod', 'Secret', 'Node']) kind`,
    );
    await pool.query(
      `insert into resource_past (${columns}, valid_to) select ${row}, '${GONE}' from unnest(array['Gone', 'ConfigMap']) kind`,
    );

    await apply();

    const { rows } = await pool.query('select kind, seen_from, seen_until from seen_kind order by kind');
    const [known, since] = [new Date(KNOWN), new Date(SINCE)];
    expect(rows).toEqual([
      { kind: 'ConfigMap', seen_from: known, seen_until: since },
      { kind: 'Gone', seen_from: known, seen_until: null },
      { kind: 'Node', seen_from: known, seen_until: null },
      { kind: 'Pod', seen_from: known, seen_until: null },
      { kind: 'Secret', seen_from: known, seen_until: since },
      { kind: 'Service', seen_from: since, seen_until: null },
    ]);
  },
);
