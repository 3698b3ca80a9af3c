import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scopeOf } from '../scope.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { sharedKindNames } from './kinds.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const QUICK_MS = 400;

let databases: TestDatabases;
let store: Store;

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('kinds'), now: NOW });
  for (const name of ['prod', 'test'])
    await store.pool.query(
      `insert into cluster (uid, ca_hash, name, server, first_seen) values ($1, 'ca', $1, '', $2)`,
      [name, NOW],
    );
}, 60_000);

afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

async function live(cluster: number, ...kinds: readonly string[]): Promise<void> {
  await store.pool.query(
    `insert into resource (cluster_id, kind, namespace, name, api_version, uid, owner_kind, owner_name, body_hash, digest, instance,
       labels, is_workload, images, service_account, first_seen, valid_from)
     select $1, kind, 'ops', 'tw', 'v1', '', '', '', gen_random_uuid(), gen_random_uuid(), '{}', '{}', false, '{}', '', $3, $3
     from unnest($2::text[]) kind`,
    [cluster, kinds, NOW],
  );
}

async function past(kinds: readonly string[], { isWorkload = true, objects = 1 } = {}): Promise<void> {
  await store.pool.query(
    `insert into resource_past (cluster_id, kind, namespace, name, api_version, uid, body_hash, instance, is_workload, valid_from, valid_to)
     select 1, kind, 'ops', 'tw-' || n, 'v1', '', gen_random_uuid(), '{}', $2, $3, $3 from unnest($1::text[]) kind, generate_series(1, $4) n`,
    [kinds, isWorkload, NOW, objects],
  );
}

async function seen(kind: string, from: Date | '-infinity'): Promise<void> {
  await store.pool.query('insert into seen_kind (cluster_id, kind, seen_from) values (1, $1, $2)', [
    kind,
    from,
  ]);
}

const shared = async (...clusters: readonly number[]) =>
  [...(await sharedKindNames(store, scopeOf({ clusters, namespaces: 'all' })))].sort();

describe('the names that kinds of several groups have', () => {
  it('are those of live objects, of what ran once, and of kinds that are or were watched, in the clusters that are asked for', async () => {
    await live(1, 'Service', 'Node', 'Secret', 'Pod', 'a.io/Gateway');
    await live(2, 'b.io/Gateway');
    await past(['serving.knative.dev/Service']);
    await seen('management.cattle.io/Node', NOW);
    // The cluster does not serve it.
    await seen('none.io/Secret', '-infinity');

    expect(await shared(1)).toEqual(['node', 'service']);
    expect(await shared(2)).toEqual([]);
    expect(await shared(1, 2)).toEqual(['gateway', 'node', 'service']);
  });

  it('are found at once where much was there, of many kinds', async () => {
    const kinds = Array.from({ length: 200 }, (_each, index) => `g${index}.io/Kind${index % 190}`);
    await live(1, ...kinds);
    await past(kinds, { isWorkload: false, objects: 200 });
    await store.pool.query('analyze');
    const spans: number[] = [];
    for (let round = 0; round < 3; round++) {
      const start = performance.now();
      expect(await shared(1)).toHaveLength(12);
      spans.push(performance.now() - start);
    }

    expect(Math.min(...spans)).toBeLessThan(QUICK_MS);
  }, 60_000);
});
