import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditPositionOf, listAuditSources } from '../read/audit-sources.ts';
import { scopeOf } from '../scope.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { after, request, START } from './attribute.testing.ts';
import {
  type AuditArrival,
  type AuditEventRow,
  dropOldAuditEvents,
  writeAuditArrival,
} from './audit-events.ts';
import { registerCluster } from './clusters.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });

let databases: TestDatabases;
let store: Store;
let cluster: number;
let clusters = 0;

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('audit_events'), now: START });
}, 60_000);
afterAll(async () => {
  await store?.close();
  await databases?.drop();
});
beforeEach(async () => {
  const name = `audited-${++clusters}`;
  const identity = { uid: name, caHash: 'c', name, server: `https://${name}`, version: 'v1', isDemo: false };
  cluster = await registerCluster(store, identity, START);
});

async function arrive(rows: readonly AuditEventRow[], more: Partial<AuditArrival> = {}): Promise<void> {
  const nothingElse = { unnamed: 0, malformed: [], last: undefined };
  await writeAuditArrival(store, cluster, {
    source: 'webhook',
    at: START,
    rows,
    events: rows.length,
    ...nothingElse,
    ...more,
  });
}

describe('a source of audit events', () => {
  it('says what came, how late, and what could not be read, and where a file was left', async () => {
    const source = 'file:/var/log/audit.log';
    await arrive([request('ann', -3)], { source, events: 5, last: after(-2), position: { offset: 10 } });
    await arrive([], {
      source,
      events: 0,
      malformed: ['not JSON', 'without verb'],
      unnamed: 1,
      at: after(9),
    });

    const sources = await listAuditSources(store, ALL);

    expect(sources.filter(({ clusterId }) => clusterId === cluster)).toMatchObject([
      {
        source,
        events: 5,
        unnamed: 1,
        malformed: 2,
        malformedReason: 'without verb',
        malformedAt: after(9),
        lastEvent: after(-2),
        lastArrival: START,
        lag: 2000,
      },
    ]);
    expect(await auditPositionOf(store, cluster, source)).toEqual({ offset: 10 });
    expect(await auditPositionOf(store, cluster, 'file:/other')).toBeUndefined();
  });

  it('takes texts that the database cannot hold', async () => {
    const actor = { ...request('ann', 1).actor, user: 'an\0n', groups: ['\ud800'] };

    await arrive([request('ann', 1, { name: 'we\0b', actor })]);

    const { rows } = await store.pool.query<{ user: string }>(
      `select actor->>'user' as user from audit_event where cluster_id = $1`,
      [cluster],
    );
    expect(rows).toEqual([{ user: 'an\ufffdn' }]);
  });

  it('counts what has a digest once for each cluster, for as long as it may be sent again', async () => {
    const counted = async (): Promise<number | undefined> =>
      (await listAuditSources(store, ALL)).find(({ clusterId }) => clusterId === cluster)?.events;
    const batch = { digest: Buffer.from('a'), at: after(0) };
    await Promise.all([1, 2, 3].map(() => arrive([request('ann', 1)], batch)));
    await arrive([request('ann', 2)], { ...batch, digest: Buffer.from('b') });
    expect(await counted()).toBe(2);

    await dropOldAuditEvents(store, after(1800));
    await arrive([request('ann', 1)], batch);
    expect(await counted()).toBe(2);

    await dropOldAuditEvents(store, after(7200));
    const { rows } = await store.pool.query('select digest from audit_batch where cluster_id = $1', [
      cluster,
    ]);
    expect(rows).toEqual([]);
  });

  it('keeps events for a day, and no more than a bound for each cluster', async () => {
    const count = async (): Promise<number> =>
      (await store.pool.query('select id from audit_event where cluster_id = $1', [cluster])).rows.length;
    await arrive([request('ann', 1)], { at: after(0) });
    await arrive([request('ann', 2)], { at: after(3600) });
    await arrive([request('ann', 3)], { at: after(7200) });

    await dropOldAuditEvents(store, after(24 * 3600 + 60));
    expect(await count()).toBe(2);

    await dropOldAuditEvents(store, after(24 * 3600 + 60), 1);
    expect(await count()).toBe(1);
  });
});
