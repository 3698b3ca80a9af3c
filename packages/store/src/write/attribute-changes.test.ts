import { CHANGE_FIELDS, EVERY_RECORD, parseQuery } from '@bulwark/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listChanges } from '../read/changes.ts';
import { scopeOf } from '../scope.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from './apply.ts';
import { after, deployment, request, START } from './attribute.testing.ts';
import { attributeChanges } from './attribute-changes.ts';
import { type AuditArrival, type AuditEventRow, writeAuditArrival } from './audit-events.ts';
import { registerCluster } from './clusters.ts';
import type { ResourceRow } from './rows.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const LONG_AGO = new Date('2026-11-25T10:00:00Z');

let databases: TestDatabases;
let store: Store;
let cluster: number;
let clusters = 0;

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('audit'), now: START });
}, 60_000);
afterAll(async () => {
  await store?.close();
  await databases?.drop();
});
beforeEach(async () => {
  const uid = `u-${++clusters}`;
  const identity = {
    uid,
    caHash: 'c',
    name: uid,
    server: `https://${uid}`,
    version: 'v1.34.0',
    isDemo: false,
  };
  cluster = await registerCluster(store, identity, START);
  await applyBatch(store, cluster, {
    at: after(-3600),
    isFirst: true,
    resources: [deployment('web', 0)],
    removed: [],
    findings: [],
    resolved: [],
  });
});

/** The cluster shows objects, and that others are gone. */
async function see(
  seconds: number,
  rows: readonly ResourceRow[],
  gone: readonly string[] = [],
): Promise<void> {
  await applyBatch(store, cluster, {
    at: after(seconds),
    resources: rows,
    removed: gone.map((name) => ({ kind: 'apps/Deployment', namespace: 'shop', name })),
    findings: [],
    resolved: [],
  });
}

async function arrive(rows: readonly AuditEventRow[], more: Partial<AuditArrival> = {}): Promise<void> {
  await writeAuditArrival(store, cluster, {
    source: 'webhook',
    at: START,
    rows,
    events: rows.length,
    unnamed: 0,
    malformed: [],
    last: undefined,
    ...more,
  });
}

/** Who is said to have made each change, the oldest first. */
async function told(): Promise<string[]> {
  const page = await listChanges(store, ALL, { query: EVERY_RECORD, limit: 100, now: START, sort: 'at' });
  return page.items
    .filter(({ clusterId }) => clusterId === cluster)
    .map(
      ({ verb, name, actor }) =>
        `${verb} ${name} ${actor.user ?? '-'}${actor.isUncertain === true ? '?' : ''}`,
    );
}

describe('a change', () => {
  it('has the actor of its request, whichever came first, beside the field managers', async () => {
    await arrive([request('ann', 1)]);
    expect(await attributeChanges(store, cluster, LONG_AGO)).toBe(0);
    await see(2, [deployment('web', 1)]);
    await attributeChanges(store, cluster, LONG_AGO);
    await see(60, [deployment('web', 2)]);
    expect(await attributeChanges(store, cluster, LONG_AGO)).toBe(0);
    await arrive([request('bob', 59)]);
    expect(await attributeChanges(store, cluster, LONG_AGO)).toBe(1);

    expect(await told()).toEqual(['changed web ann', 'changed web bob']);
    const page = await listChanges(store, ALL, { query: EVERY_RECORD, limit: 1, now: START });
    expect(page.items[0]?.actor).toEqual({
      user: 'bob',
      groups: ['developers'],
      impersonatedBy: 'root',
      address: '192.0.2.7',
      userAgent: 'kubectl',
      managers: ['kubectl-patch'],
      auditId: 'bob-59',
      isUncertain: false,
    });
  });

  it('names all whose requests it holds, and is found by each', async () => {
    await see(2, [deployment('web', 1)]);
    await arrive([request('ann', 1), request('bob', 8), request('eve', 9, { after: '102' })]);
    await see(10, [deployment('web', 2)]);
    await attributeChanges(store, cluster, LONG_AGO);

    const { items } = await listChanges(store, ALL, { query: EVERY_RECORD, limit: 100, now: START });
    expect(items.find(({ clusterId }) => clusterId === cluster)?.actor).toMatchObject({
      user: 'eve',
      others: [{ user: 'bob', impersonatedBy: 'root', address: '192.0.2.7', userAgent: 'kubectl' }],
    });
    const found = async (text: string) => {
      const query = parseQuery(text, CHANGE_FIELDS);
      if (!query.ok) throw new Error(query.error.message);
      const page = await listChanges(store, ALL, { query: query.value, limit: 100, now: START });
      return page.items.filter(({ clusterId }) => clusterId === cluster).length;
    };
    expect(await Promise.all(['actor:bob', 'actor:eve', 'actor:ann', 'actor:nobody'].map(found))).toEqual([
      1, 1, 1, 0,
    ]);
    expect(await attributeChanges(store, cluster, LONG_AGO)).toBe(0);
  });

  it('keeps the name of one whose request is not kept any more', async () => {
    await arrive([request('bob', 8, { after: '101' }), request('eve', 9, { after: '102' })]);
    await see(10, [deployment('web', 2)]);
    await attributeChanges(store, cluster, LONG_AGO);
    const others = async () => {
      const { items } = await listChanges(store, ALL, { query: EVERY_RECORD, limit: 100, now: START });
      return items
        .filter(({ clusterId }) => clusterId === cluster)
        .map(({ actor }) => [actor.user, (actor.others ?? []).map(({ user }) => user)]);
    };
    expect(await others()).toEqual([['eve', ['bob']]]);

    await store.pool.query(`delete from audit_event where cluster_id = $1 and audit_id = 'bob-8'`, [cluster]);
    await attributeChanges(store, cluster, LONG_AGO);

    expect(await others()).toEqual([['eve', ['bob']]]);
  });

  it('is told once: looking again changes nothing, nor does an event that comes again', async () => {
    await see(2, [deployment('web', 1)]);
    await arrive([request('ann', 1)]);
    expect(await attributeChanges(store, cluster, LONG_AGO)).toBe(1);

    await arrive([request('ann', 1)]);

    expect(await attributeChanges(store, cluster, LONG_AGO)).toBe(0);
    const { rows } = await store.pool.query('select id from audit_event where cluster_id = $1', [cluster]);
    expect(rows).toHaveLength(1);
  });

  it('is told anew where a request comes late that explains it better', async () => {
    await see(30, [deployment('web', 1)]);
    await arrive([request('ann', 25)]);
    await attributeChanges(store, cluster, LONG_AGO);
    expect(await told()).toEqual(['changed web ann']);

    await arrive([request('bob', 2, { after: '101' })]);
    await attributeChanges(store, cluster, LONG_AGO);

    expect(await told()).toEqual(['changed web bob']);
  });

  it('is of nobody again where its request turns out to have made another one', async () => {
    await see(30, [deployment('web', 1)]);
    await arrive([request('ann', 34)]);
    await attributeChanges(store, cluster, LONG_AGO);
    expect(await told()).toEqual(['changed web ann']);

    await see(35, [deployment('web', 2)]);
    await arrive([request('bob', 29)]);
    await attributeChanges(store, cluster, LONG_AGO);

    expect(await told()).toEqual(['changed web bob', 'changed web ann']);
  });

  it('that was made while the hub was away gets its actor too', async () => {
    await see(7200, [deployment('web', 1)], []);
    await arrive([request('ann', 10, { after: '101' })], { at: after(7200) });

    await attributeChanges(store, cluster, after(0));

    expect(await told()).toEqual(['changed web ann']);
  });

  it('is of who deleted many, for each of the many in the namespace', async () => {
    await see(1, [deployment('a', 0), deployment('b', 0)]);
    await arrive([request('ann', 1, { effect: 'created', name: 'a' })]);
    await see(20, [], ['a', 'b']);
    await arrive([
      request('bob', 19, { effect: 'deleted', name: '' }),
      request('eve', 19, { effect: 'deleted', name: '', namespace: 'other' }),
    ]);

    await attributeChanges(store, cluster, LONG_AGO);

    expect(await told()).toEqual(
      ['created a ann', 'created b -', 'deleted a bob', 'deleted b bob'].sort(byVerb),
    );
  });

  it('with which an object begins to end is of who deleted it', async () => {
    await see(10, [deployment('web', 1)]);
    await arrive([request('ann', 9, { effect: 'deleted', after: '101' })]);
    await attributeChanges(store, cluster, LONG_AGO);
    await see(20, [], ['web']);

    await attributeChanges(store, cluster, LONG_AGO);

    expect(await told()).toEqual(['changed web ann', 'deleted web ann']);
  });

  it('gets no actor from another cluster', async () => {
    await see(2, [deployment('web', 1)]);
    const own = cluster;
    const identity = {
      uid: 'other',
      caHash: 'c',
      name: 'x',
      server: 'https://x',
      version: 'v1',
      isDemo: false,
    };
    cluster = await registerCluster(store, identity, START);
    await arrive([request('ann', 1)]);
    await attributeChanges(store, cluster, LONG_AGO);
    cluster = own;

    await attributeChanges(store, cluster, LONG_AGO);

    expect(await told()).toEqual(['changed web -']);
  });
});

function byVerb(a: string, b: string): number {
  return a.localeCompare(b);
}
