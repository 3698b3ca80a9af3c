import {
  BUILD_FIELDS,
  EVERY_RECORD,
  type JsonObject,
  type Manifest,
  manifestOf,
  parseQuery,
} from '@bulwark/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../migrations/migrate.ts';
import { MIGRATIONS } from '../migrations/migrations.ts';
import { retain } from '../partitions.ts';
import { scopeOf } from '../scope.ts';
import { poolOf } from '../server.testing.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { buildsOf, findBuild, listBuilds, makersOf } from './read.ts';
import { type NewBuild, recordBuild } from './record.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const ALL = { clusters: 'all', namespaces: 'all' } as const;
const EVERYTHING = scopeOf(ALL);
const DIGEST = `sha256:${'a'.repeat(64)}`;
const IMAGE = { name: 'registry.example/shop/web', digest: DIGEST, made: true };

function deployment(image: string, metadata: JsonObject = {}): Manifest {
  const spec = { template: { spec: { containers: [{ name: 'app', image }] } } };
  const manifest = manifestOf({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', ...metadata },
    spec,
  });
  if (manifest === undefined) throw new Error('a manifest has a name');
  return manifest;
}

const BUILD: NewBuild = {
  repository: 'github.com/acme/shop',
  commit: 'a'.repeat(40),
  ref: 'main',
  run: 'https://ci.example/1',
  author: 'Ann',
  system: 'github-actions',
  verdict: 'passed',
  failOn: 'high',
  controls: 100,
  counts: [0, 0, 1, 0, 0],
  at: NOW,
  manifests: [deployment('registry.example/shop/web:1')],
  images: [],
  received: NOW,
  postedBy: 'token ci',
  limits: ALL,
};

const WEB = {
  cluster: 1,
  kind: 'apps/Deployment',
  namespace: 'shop',
  name: 'web',
  images: ['registry.example/shop/web'],
};

let databases: TestDatabases;
let store: Store;
let count = 0;

beforeAll(async () => {
  databases = await testDatabases();
});
beforeEach(async () => {
  count++;
  store = await openStore({ url: await databases.database(`builds${count}`), now: NOW });
});
afterEach(() => store.close());
afterAll(() => databases?.drop());

async function listed(q = '', scope = EVERYTHING) {
  const query = parseQuery(q, BUILD_FIELDS);
  if (!query.ok) throw new Error(query.error.message);
  return (await listBuilds(store, scope, { query: query.value, limit: 10, now: NOW })).items;
}

function daysLater(days: number): Date {
  return new Date(NOW.getTime() + days * 86_400_000);
}

describe('a build record', () => {
  it('that is posted twice is one, whenever it comes', async () => {
    const first = await recordBuild(store, BUILD);
    const again = await recordBuild(store, { ...BUILD, at: daysLater(1), received: daysLater(1) });
    const other = await recordBuild(store, { ...BUILD, run: 'https://ci.example/2' });
    const failed = await recordBuild(store, { ...BUILD, verdict: 'failed' });

    expect(first.created).toBe(true);
    expect(again).toEqual({ id: first.id, created: false });
    expect([other.created, failed.created, (await listed()).length]).toEqual([true, true, 3]);
  });

  it('that many post at once is one, and holds each manifest once', async () => {
    const manifests = ['b', 'a', 'c'].map((name) => deployment('x:1', { name }));
    const made = await Promise.all(
      Array.from({ length: 8 }, (_item, index) =>
        recordBuild(store, {
          ...BUILD,
          run: `https://ci.example/${index % 2}`,
          manifests: index % 2 === 0 ? manifests : manifests.toReversed(),
        }),
      ),
    );

    expect(made.filter(({ created }) => created)).toHaveLength(2);
    expect((await store.pool.query('select from build_manifest')).rowCount).toBe(3);
  });

  it('is listed by pages and found by what it says and names', async () => {
    await recordBuild(store, BUILD);
    await recordBuild(store, { ...BUILD, commit: 'b'.repeat(40), manifests: [], images: [IMAGE] });
    const first = await listBuilds(store, EVERYTHING, { query: EVERY_RECORD, limit: 1, now: NOW });
    const second = await listBuilds(store, EVERYTHING, {
      query: EVERY_RECORD,
      limit: 1,
      now: NOW,
      ...(first.next !== null && { cursor: first.next }),
    });

    expect([first, second].map(({ items }) => items[0]?.commit[0])).toEqual(['b', 'a']);
    expect(second.next).toBeNull();
    expect((await listed('kind:Deployment name:w*')).map(({ commit }) => commit[0])).toEqual(['a']);
    expect((await listed(`image:"${DIGEST}" repository:*acme*`)).map(({ commit }) => commit[0])).toEqual([
      'b',
    ]);
    expect(await listed('verdict:failed')).toEqual([]);
  });

  it('is shown to those whose namespaces it names, and of it what is theirs', async () => {
    const manifests = [
      deployment('x:1', { namespace: 'shop' }),
      deployment('x:1', { namespace: 'pay' }),
      deployment('x:1', { name: 'open' }),
    ];
    const { id } = await recordBuild(store, { ...BUILD, manifests });
    const of = (namespaces: readonly string[], clusters: readonly number[] | 'all' = 'all') =>
      scopeOf({ clusters, namespaces });

    const all = (await findBuild(store, EVERYTHING, id))?.objects;
    expect(all).toHaveLength(3);
    expect(all?.map(({ fingerprint }) => fingerprint).sort()).toEqual(
      manifests.map(({ fingerprint }) => fingerprint).sort(),
    );
    expect((await findBuild(store, of(['pay']), id))?.objects.map(({ namespace }) => namespace)).toEqual([
      'pay',
    ]);
    expect(await findBuild(store, of(['else']), id)).toBeUndefined();
    expect(await findBuild(store, of(['pay'], []), id)).toBeUndefined();
    expect(await listed('', of(['else']))).toEqual([]);
  });

  it('says nothing of what else it names to whoever sees a part of it', async () => {
    const image = (name: string) => ({ ...IMAGE, name: `registry.example/${name}` });
    const manifests = [
      deployment('registry.example/web:1', { name: 'web', namespace: 'shop' }),
      deployment('registry.example/stripe:1', { name: 'stripe', namespace: 'pay' }),
    ];
    const { id } = await recordBuild(store, {
      ...BUILD,
      manifests,
      images: [image('web'), image('stripe'), image('tool')],
    });
    await recordBuild(store, {
      ...BUILD,
      manifests: [deployment('registry.example/web:1', { name: 'own', namespace: 'shop' })],
      images: [image('web'), image('tool')],
    });
    const shop = scopeOf({ clusters: 'all', namespaces: ['shop'] });
    const found = async (q: string, scope = shop) =>
      (await listed(q, scope)).map(({ objects, images }) => [objects, images]);

    expect(await found('name:web')).toEqual([[1, 1]]);
    expect(await found('name:web', EVERYTHING)).toEqual([[2, 3]]);
    expect(await found('name:own')).toEqual([[1, 2]]);
    for (const q of [
      'namespace:pay',
      'name:stripe',
      'image:*stripe',
      'name:web image:*tool',
      '-name:web,own',
    ])
      expect(await found(q), q).toEqual([]);
    for (const q of ['namespace:pay', 'name:stripe', 'image:*stripe', 'name:web image:*tool'])
      expect(await found(q, EVERYTHING), q).toEqual([[2, 3]]);
    const detail = await findBuild(store, shop, id);
    expect(detail?.images.map(({ name }) => name)).toEqual(['registry.example/web']);
    expect([detail?.record.objects, detail?.record.images]).toEqual([1, 1]);
  });
});

describe('who built an object', () => {
  it('is told by the last record of each version of its manifest', async () => {
    await recordBuild(store, BUILD);
    await recordBuild(store, { ...BUILD, run: null });
    await recordBuild(store, { ...BUILD, manifests: [deployment('registry.example/shop/web:2')] });

    const versions = await buildsOf(store, EVERYTHING, WEB);

    expect(versions.map(({ run }) => run)).toEqual(['https://ci.example/1', null]);
    expect(versions[1]?.content).toEqual(BUILD.manifests[0]?.content);
  });

  it.each([
    ['its namespace', { namespace: 'shop' }, 'x', true],
    ['another namespace', { namespace: 'pay' }, 'registry.example/shop/web', false],
    ['no namespace and an image of it', {}, 'registry.example/shop/web', true],
    ['no namespace and none of its images', {}, 'registry.example/other/web', false],
    ['another name', { namespace: 'shop', name: 'web2' }, 'registry.example/shop/web', false],
  ])('is told by a manifest with %s: %j', async (_what, metadata, image, isTold) => {
    await recordBuild(store, { ...BUILD, manifests: [deployment(`${image}:1`, metadata)] });

    expect((await buildsOf(store, EVERYTHING, WEB)).length).toBe(isTold ? 1 : 0);
  });

  it('is told only within the limits of whoever recorded it, and of whoever asks', async () => {
    await recordBuild(store, { ...BUILD, images: [IMAGE], limits: { clusters: [2], namespaces: ['pay'] } });
    const told = async (object: Partial<typeof WEB>, scope = EVERYTHING) => [
      (await buildsOf(store, scope, { ...WEB, ...object })).length,
      (await makersOf(store, scope, { ...WEB, ...object }, [DIGEST])).size,
    ];

    expect(await told({})).toEqual([0, 0]);
    expect(await told({ cluster: 2 })).toEqual([0, 0]);
    expect(await told({ cluster: 2, namespace: 'pay' })).toEqual([1, 1]);
    const limited = scopeOf({ clusters: 'all', namespaces: ['shop'] });
    expect(await told({ cluster: 2, namespace: 'pay' }, limited)).toEqual([0, 0]);
  });

  it('is what was known at a moment', async () => {
    await recordBuild(store, BUILD);
    await recordBuild(store, { ...BUILD, commit: 'b'.repeat(40), received: daysLater(1) });
    const at = async (asOf: Date) => (await buildsOf(store, EVERYTHING, { ...WEB, asOf }))[0]?.commit[0];

    expect([await at(daysLater(-1)), await at(NOW), await at(daysLater(2))]).toEqual([undefined, 'a', 'b']);
  });

  it('of an image is told by the build that made it, not by those that name it', async () => {
    await recordBuild(store, { ...BUILD, images: [IMAGE] });
    await recordBuild(store, { ...BUILD, commit: 'b'.repeat(40), images: [{ ...IMAGE, made: false }] });

    expect((await makersOf(store, EVERYTHING, WEB, [DIGEST])).get(DIGEST)?.commit[0]).toBe('a');
  });
});

describe('retention', () => {
  it('keeps the last record of each object and image, whatever its age', async () => {
    await recordBuild(store, { ...BUILD, commit: '1'.repeat(40) });
    await recordBuild(store, {
      ...BUILD,
      commit: '2'.repeat(40),
      manifests: [deployment('y:1', { name: 'old' })],
    });
    await recordBuild(store, { ...BUILD, commit: '3'.repeat(40), manifests: [], images: [IMAGE] });
    await recordBuild(store, {
      ...BUILD,
      commit: '4'.repeat(40),
      manifests: [deployment('registry.example/shop/web:2')],
    });

    await retain(store.pool, daysLater(100));

    expect((await listed()).map(({ commit }) => commit[0])).toEqual(['4', '3', '2']);
    expect((await store.pool.query('select from build_manifest')).rowCount).toBe(2);
  });
});

describe('the step that adds build records', () => {
  it('applies to a database that is in use, and leaves what is there', async () => {
    const pool = poolOf(await databases.database('before'));
    const at = MIGRATIONS.findIndex(({ name }) => name === '0003-builds');
    await migrate(pool, MIGRATIONS.slice(0, at));
    await pool.query(
      "insert into token (hash, name, role, limits, owner, created_at, expires) values ('x', 'ci', 'ci', '{}', 'ann', now(), now())",
    );

    await migrate(pool, MIGRATIONS.slice(0, at + 1));

    expect((await pool.query('select name from token')).rows).toEqual([{ name: 'ci' }]);
    expect((await pool.query('select from build_record')).rowCount).toBe(0);
    await pool.end();
  });
});
