import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0073-live-since',
  'lets what a live cluster lacks count as before, and that of others from when they are seen',
  async ({ pool, apply }) => {
    await pool.query(
      `insert into cluster (uid, ca_hash, name, server, version, first_seen, state)
       select state, 'c', state, 's', 'v1.34.0', '2026-11-26T10:00:00Z', state from unnest(array['live', 'stale', 'syncing']) as state`,
    );

    await apply();

    expect((await pool.query('select name, live_since from cluster order by name')).rows).toEqual([
      { name: 'live', live_since: new Date('2026-11-26T10:00:00Z') },
      { name: 'stale', live_since: null },
      { name: 'syncing', live_since: null },
    ]);
  },
);
