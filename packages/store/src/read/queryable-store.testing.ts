import { afterAll, beforeAll } from 'vitest';
import { LOCALES, type Locale } from '../server.testing.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from '../write/apply.ts';
import { registerCluster } from '../write/clusters.ts';
import { triage } from '../write/decisions.ts';
import {
  ago,
  DEPLOYMENTS,
  FINDINGS,
  hasTriage,
  isResolved,
  MESSAGES,
  NAMES,
  NAMESPACE_OBJECTS,
  NOW,
  PODS,
  triagedAt,
  triageOf,
} from './queryable.testing.ts';

/** A database of each locale, filled alike, for the tests of a file; the first is as the hub makes its own. */
export function queryableStores(): () => readonly Store[] {
  let databases: TestDatabases | undefined;
  let stores: readonly Store[] = [];
  beforeAll(async () => {
    const started = await testDatabases();
    databases = started;
    stores = await Promise.all(
      LOCALES.map((locale, index) => openFilled(started, `queryable_${index}`, locale)),
    );
  }, 60_000);
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await databases?.drop();
  });
  return () => stores;
}

async function openFilled(databases: TestDatabases, name: string, locale: Locale): Promise<Store> {
  const store = await openStore({ url: await databases.database(name, locale), now: NOW });
  const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
  const cluster = await registerCluster(store, identity, ago(50));
  const nothing = { resources: [], removed: [], findings: [], resolved: [] };
  for (const index of NAMES.keys())
    await applyBatch(store, cluster, {
      ...nothing,
      at: ago(40 - index),
      resources: [DEPLOYMENTS, NAMESPACE_OBJECTS, PODS]
        .flat()
        .filter(({ ownerName }) => ownerName === NAMES[index]),
    });
  for (let day = 0; day < 5; day++)
    await applyBatch(store, cluster, {
      ...nothing,
      at: ago(28 - day),
      findings: FINDINGS.slice(day * 12, day * 12 + 12),
    });
  await applyBatch(store, cluster, {
    ...nothing,
    at: ago(20),
    resolved: FINDINGS.filter((_each, index) => isResolved(index)).map(({ fingerprint }) => fingerprint),
  });
  for (const [index, { fingerprint }] of FINDINGS.entries())
    if (hasTriage(index))
      await triage(store, [{ cluster, fingerprint }], {
        ...triageOf(index),
        author: 'ann',
        at: triagedAt(index),
      });
  await store.pool.query(
    `insert into channel (name, type, settings, secrets, created_at) values ('c', 'slack', '{}', '', now())`,
  );
  for (const { id, tells } of MESSAGES)
    await store.pool.query(
      `with sent as (
        insert into delivery (message_id, channel_id, cluster_id, topic, key, state, at, due)
        select $1, id, $2, 'digest', '', 'sent', now(), now() from channel returning id
      ) insert into told_finding select sent.id, told from sent cross join unnest($3::uuid[]) as told`,
      [id, cluster, FINDINGS.filter((_each, index) => tells(index)).map(({ fingerprint }) => fingerprint)],
    );
  return store;
}
