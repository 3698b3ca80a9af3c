import { FINDING_FIELDS, parseQuery } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scopeOf } from '../scope.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from '../write/apply.ts';
import { registerCluster } from '../write/clusters.ts';
import { triage } from '../write/decisions.ts';
import { deferredFindings } from './deferred-findings.ts';
import { ago, NOW, FINDINGS as QUERYABLE } from './queryable.testing.ts';

const FINDINGS = QUERYABLE.slice(0, 6).map((row, index) => ({
  ...row,
  namespace: index < 4 ? 'shop' : 'pay',
  exception: index === 2 ? QUERYABLE[0]?.exception : undefined,
}));
/** How many days from now each is deferred for; the third is accepted, the fourth is resolved. */
const DAYS = [1, 3, 2, 2, 5, 0];

let databases: TestDatabases;
let store: Store;

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('deferred'), now: NOW });
  const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
  const cluster = await registerCluster(store, identity, ago(50));
  const batch = { resources: [], removed: [] };
  await applyBatch(store, cluster, { ...batch, at: ago(9), findings: FINDINGS, resolved: [] });
  for (const [index, days] of DAYS.entries())
    await triage(store, [{ cluster, fingerprint: FINDINGS[index]?.fingerprint ?? '' }], {
      deferredUntil: ago(-days),
      author: 'ann',
      at: ago(8),
    });
  const resolved = [FINDINGS[3]?.fingerprint ?? ''];
  await applyBatch(store, cluster, { ...batch, at: ago(7), findings: [], resolved });
}, 60_000);

afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

describe('deferred findings', () => {
  it.each<[q: string, namespaces: 'all' | readonly string[], now: Date, findings: number, next: Date | null]>(
    [
      ['', 'all', NOW, 3, ago(-1)],
      ['', 'all', ago(-1), 2, ago(-3)],
      ['', 'all', ago(-3), 1, ago(-5)],
      ['', 'all', ago(-5), 0, null],
      ['', ['pay'], NOW, 1, ago(-5)],
      ['namespace:shop', 'all', NOW, 2, ago(-1)],
      ['namespace:shop', ['pay'], NOW, 0, null],
    ],
  )('are the open ones that [%s] finds in %j as of %s, with when the next comes back', async (...each) => {
    const [q, namespaces, now, findings, next] = each;
    const parsed = parseQuery(q, FINDING_FIELDS);
    if (!parsed.ok) throw new Error(parsed.error.message);
    const scope = scopeOf({ clusters: 'all', namespaces });

    expect(await deferredFindings(store, scope, { query: parsed.value, now })).toEqual({ findings, next });
  });
});
