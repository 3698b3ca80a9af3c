import { hash128 } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../listen.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { announce, CHANNEL, type Notice, payloadsOf } from './announce.ts';
import { applyBatch } from './apply.ts';
import { deployment } from './attribute.testing.ts';
import { registerCluster } from './clusters.ts';
import { addComment, addComments, triage, triageEvents } from './decisions.ts';
import { approveException, createException, revokeException } from './exceptions.ts';
import type { FindingRow } from './rows.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const WITHIN_MS = 60_000;
const NOTHING = { at: NOW, removed: [], resolved: [], resources: [], findings: [] };

function finding(namespace: string): FindingRow {
  const row = {
    fingerprint: hash128(namespace),
    control: 'host-pid',
    severity: 'high' as const,
    kind: 'apps/Deployment',
    apiVersion: 'apps/v1',
    namespace,
    name: 'web',
    container: undefined,
    path: 'spec',
    message: 'web is wrong.',
    fixable: false,
    exception: undefined,
    requested: undefined,
    team: undefined,
    environment: undefined,
    criticality: undefined,
  };
  return { ...row, digest: hash128(JSON.stringify(row)) };
}

async function until(what: string, is: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + WITHIN_MS;
  while (!(await is())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${WITHIN_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('what writers announce', () => {
  let databases: TestDatabases;
  let store: Store;
  let cluster: number;
  let listener: ReturnType<typeof listen>;
  const heard: Notice[] = [];
  let marks = 0;

  /** Tells something, and waits until it is heard: then everything before it was. */
  async function mark(): Promise<void> {
    const topics = [`mark ${marks++}`];
    const payloads = payloadsOf({ topics, clusters: 'all', namespaces: 'all' });
    await until('a mark is heard', async () => {
      // Not only once: it may not listen yet.
      await store.pool.query('select pg_notify($1, $2)', [CHANNEL, payloads[0]]);
      return heard.some((notice) => notice.topics[0] === topics[0]);
    });
  }

  async function heardOf(act: () => Promise<unknown>): Promise<readonly Notice[]> {
    // What was told before is no longer on its way then.
    await mark();
    heard.length = 0;
    await act();
    await mark();
    return heard.filter(({ topics: [topic = ''] }) => !topic.startsWith('mark'));
  }

  beforeAll(async () => {
    databases = await testDatabases();
    const url = await databases.database('told');
    store = await openStore({ url, now: NOW });
    const identity = { uid: 'a', caHash: 'b', name: 'prod', server: '', version: 'v1', isDemo: false };
    cluster = await registerCluster(store, identity, NOW);
    listener = listen(
      url,
      (notice) => heard.push(notice),
      () => undefined,
    );
    await mark();
  }, WITHIN_MS);

  afterAll(async () => {
    await listener?.stop();
    await store?.close();
    await databases?.drop();
  });

  it('is in which namespaces objects changed, and in which findings did, each by itself', async () => {
    const fresh = { ...deployment('fresh', 1), kind: 'Namespace', apiVersion: 'v1', namespace: '' };
    const batch = { ...NOTHING, resources: [deployment('web', 1), fresh], findings: [finding('pay')] };

    expect(await heardOf(() => applyBatch(store, cluster, batch))).toEqual([
      { topics: ['findings'], clusters: [cluster], namespaces: ['pay'] },
      { topics: ['inventory'], clusters: [cluster], namespaces: ['shop', 'fresh'] },
    ]);
  });

  it('is in which namespaces the findings are that somebody decided about', async () => {
    await applyBatch(store, cluster, { ...NOTHING, findings: [finding('pay'), finding('shop')] });
    const { fingerprint } = finding('pay');
    const base = { reason: 'r', owner: null, until: null, state: 'active', query: null } as const;
    const made = { ...base, createdBy: 'ann', createdAt: NOW };

    const notices = await heardOf(async () => {
      await triage(store, [{ cluster, fingerprint }], { assignee: 'ann', author: 'ann', at: NOW });
      await createException(store, { ...made, scope: { clusters: [cluster], fingerprints: [fingerprint] } });
      await createException(store, {
        ...made,
        scope: { clusters: [cluster, cluster], namespaces: ['twice'] },
      });
      await createException(store, { ...made, scope: { namespaces: ['pay*'] } });
      await createException(store, { ...made, scope: { controls: ['host-pid'] } });
    });

    expect(notices).toEqual([
      { topics: ['triage'], clusters: [cluster], namespaces: ['pay'] },
      { topics: ['exceptions'], clusters: [cluster], namespaces: ['pay'] },
      { topics: ['exceptions'], clusters: [cluster], namespaces: ['twice'] },
      { topics: ['exceptions'], clusters: 'all', namespaces: ['pay*'] },
      { topics: ['exceptions'], clusters: 'all', namespaces: 'all' },
    ]);
  });

  it('is where findings were that are resolved by then, and each cluster of what was never seen', async () => {
    const { fingerprint } = finding('gone');
    await applyBatch(store, cluster, { ...NOTHING, findings: [finding('gone')] });
    const at = new Date(NOW.getTime() + 1000);
    await applyBatch(store, cluster, { ...NOTHING, at, resolved: [fingerprint] });
    const never = hash128('never');
    const base = { reason: 'r', owner: null, until: null, state: 'requested', query: null } as const;
    const made = { ...base, createdBy: 'ann', createdAt: NOW };
    const accept = (scope: object) => createException(store, { ...made, scope: { ...scope } });
    const asks = { clusters: [cluster], fingerprints: [fingerprint] };

    const notices = await heardOf(async () => {
      await triage(store, [{ cluster, fingerprint }], { assignee: 'ann', author: 'ann', at: NOW });
      await addComment(store, { cluster, fingerprint }, { author: 'ann', at: NOW, text: 'x' });
      const { id } = await accept(asks);
      await approveException(store, id, { by: 'bob', person: 'bob', at: NOW, isAdministrator: false });
      await revokeException(store, id, { by: 'bob', at: NOW });
      await accept({ ...asks, namespaces: ['gone', 'other*'] });
      await accept({ clusters: [cluster, cluster + 1], fingerprints: [fingerprint, never] });
      await accept({ clusters: [cluster], fingerprints: ['what is no fingerprint'] });
    });

    const told = (topic: string, namespaces: readonly string[], id = cluster) => ({
      topics: [topic],
      clusters: [id],
      namespaces,
    });
    expect(notices).toEqual([
      told('triage', ['gone']),
      told('triage', ['gone']),
      told('exceptions', ['gone']),
      told('exceptions', ['gone']),
      told('exceptions', ['gone']),
      told('exceptions', ['gone', 'other*']),
      told('exceptions', ['gone']),
      told('exceptions', [], cluster + 1),
      told('exceptions', []),
    ]);
  });

  it('is about each finding once, however often it is named', async () => {
    const { fingerprint } = finding('pay');
    const twice = [
      { cluster, fingerprint },
      { cluster, fingerprint },
    ];

    const before = (await triageEvents(store, { cluster, fingerprint })).length;
    const change = { acknowledged: true, author: 'ann', at: NOW };
    const comment = { author: 'ann', at: NOW, text: 'seen twice' };

    expect([await triage(store, twice, change), await addComments(store, twice, comment)]).toEqual([1, 1]);
    expect(await triageEvents(store, { cluster, fingerprint })).toHaveLength(before + 1);
  });

  it('is told in parts where it is of very many namespaces, and nothing is left out', async () => {
    const namespaces = Array.from({ length: 2000 }, (_, index) => `${'n'.repeat(50)}-${index}`);

    const notices = await heardOf(() =>
      announce(store.pool, { topics: ['findings'], clusters: [1], namespaces }),
    );

    expect(notices.length).toBeGreaterThan(1);
    expect(notices.flatMap((notice) => notice.namespaces)).toEqual(namespaces);
  });
});
