import { expect } from 'vitest';
import { openByControl } from '../read/posture.ts';
import { scopeOf } from '../scope.ts';
import { openStore } from '../store.ts';
import { keepPastCounters } from '../write/past-counters.ts';
import { itOfStep } from './step.testing.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const NOON = new Date('2026-11-26T12:00:00Z');
const BEFORE = new Date('2026-11-23T12:00:00Z');

itOfStep(
  '0031-past-sums',
  'tells of the past what it told before, from sums that are worked out afterwards',
  async ({ url, pool, apply }) => {
    await pool.query(`insert into cluster (uid, ca_hash, name, server, first_seen, written_at)
      values ('u', 'c', 'prod', '', '2026-11-20', '2026-11-26')`);
    await pool.query(`insert into counter (cluster_id, namespace, control, kind, severity, team, environment, criticality, open,
        excepted, fixable, objects)
      values (1, 'shop', 'host-pid', 'Pod', 3, '', '', '', 2, 0, 0, 1)`);
    await pool.query(`insert into finding (cluster_id, fingerprint, digest, control, severity, kind, api_version, namespace, name,
        path, message, fixable, first_seen, valid_from)
      select 1, gen_random_uuid(), gen_random_uuid(), 'host-pid', 3, 'Pod', 'v1', 'shop', 'web', '', '', false, at, at
      from unnest(array['2026-11-21', '2026-11-25']::timestamptz[]) at`);

    await apply();

    const store = await openStore({ url, now: NOON, connections: 1 });
    try {
      expect(await openByControl(store, ALL, BEFORE)).toEqual(new Map([['host-pid', 1]]));
      expect(await keepPastCounters(store, { from: new Date('2026-11-01'), now: NOON })).toBe(6);
      expect(await openByControl(store, ALL, BEFORE)).toEqual(new Map([['host-pid', 1]]));
    } finally {
      await store.close();
    }
  },
);
