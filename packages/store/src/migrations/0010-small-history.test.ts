import { EVERY_RECORD } from '@bulwark/core';
import { expect } from 'vitest';
import { listChanges } from '../read/changes.ts';
import { findResource } from '../read/inventory.ts';
import { scopeOf } from '../scope.ts';
import { openStore } from '../store.ts';
import { itOfStep } from './step.testing.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const HASH = '00000000-0000-0000-0000-000000000001';
const ACTOR = {
  user: null,
  groups: [],
  impersonatedBy: null,
  address: null,
  userAgent: null,
  managers: ['helm'],
};

itOfStep(
  '0010-small-history',
  'keeps versions of objects and actors of changes as the step before wrote them',
  async ({ pool, url }) => {
    const month = `for values from ('2026-11-01') to ('2026-12-01')`;
    await pool.query(`create table resource_past_2026_11 partition of resource_past ${month}`);
    await pool.query(`create table change_2026_11 partition of change ${month}`);
    await pool.query(
      `insert into cluster (uid, ca_hash, name, server, first_seen) values ('u', 'c', 'prod', '', '2026-11-01T00:00Z')`,
    );
    await pool.query(`insert into body values (1, $1, '{"kind": "Deployment"}')`, [HASH]);
    await pool.query(
      `insert into resource_past values (1, 'apps/Deployment', 'shop', 'web', 'apps/v1', 'id', 'apps/Deployment', 'web', $1, null,
         '{"metadata": {"creationTimestamp": "2026-10-01T00:00:00Z"}}', '{"app": "web"}', true, '{nginx}', 'runner', null, null,
         null, '2026-11-01T00:00Z', '2026-11-02T00:00Z', '2026-11-03T00:00Z')`,
      [HASH],
    );
    await pool.query(
      `insert into change (cluster_id, at, kind, namespace, name, api_version, verb, actor)
       values (1, '2026-11-03T00:00Z', 'apps/Deployment', 'shop', 'web', 'apps/v1', 'deleted', $1)`,
      [ACTOR],
    );

    const store = await openStore({ url, now: new Date('2026-11-26T10:00:00Z') });

    const key = { kind: 'apps/Deployment', namespace: 'shop', name: 'web' };
    const object = await findResource(store, ALL, {
      cluster: 1,
      ...key,
      asOf: new Date('2026-11-02T12:00Z'),
    });
    const changes = await listChanges(store, ALL, {
      query: EVERY_RECORD,
      limit: 9,
      now: new Date(),
      of: key,
    });
    await store.close();
    expect(object).toMatchObject({
      ...key,
      labels: { app: 'web' },
      images: ['nginx'],
      serviceAccount: 'runner',
      firstSeen: new Date('2026-11-01T00:00Z'),
      changed: new Date('2026-11-02T00:00Z'),
      instance: {
        metadata: {
          name: 'web',
          namespace: 'shop',
          uid: 'id',
          creationTimestamp: '2026-10-01T00:00:00Z',
        },
      },
    });
    expect(changes.items.map(({ verb, actor }) => ({ verb, actor }))).toEqual([
      { verb: 'deleted', actor: ACTOR },
    ]);
  },
);
