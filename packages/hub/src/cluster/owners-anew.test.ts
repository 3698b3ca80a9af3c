import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestCluster, TestHub } from '../handlers/test-cluster.ts';
import { tellEverything } from './watched.testing.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date('2026-11-26T10:00:00Z'));
}, 60_000);

afterAll(() => hub?.stop());

const KINDS = {
  Namespace: 'live',
  Pod: 'live',
  ConfigMap: 'live',
  'apps/Deployment': 'live',
  'apps/ReplicaSet': 'live',
  'batch/CronJob': 'live',
  'batch/Job': 'live',
} as const;

const space = (said: string) => `{ apiVersion: v1, kind: Namespace, metadata: { name: shop, ${said} } }`;

const deployment = (said: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop, uid: d1, ${said} }
spec: { selector: { matchLabels: { app: cart } }, template: { spec: { containers: [{ name: a, image: "x:1" }] } } }`;

const owned = (kind: string, name: string) =>
  `ownerReferences: [{ apiVersion: ${kind.startsWith('Replica') || kind === 'Deployment' ? 'apps/v1' : 'batch/v1'}, kind: ${kind}, name: ${name}, uid: u, controller: true }]`;

const POD = 'spec: { containers: [{ name: a, image: "x:1" }] }';

/** What is of nobody else than its namespace or its owners say. */
const OTHERS = `
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: cart-1, namespace: shop, uid: r1, ${owned('Deployment', 'cart')} }
spec: { selector: { matchLabels: { app: cart } }, template: { spec: { containers: [{ name: a, image: "x:1" }] } } }
---
apiVersion: v1
kind: Pod
metadata: { name: cart-1-a, namespace: shop, uid: p1, ${owned('ReplicaSet', 'cart-1')} }
${POD}
status: { phase: Running, podIP: 10.0.0.7 }
---
apiVersion: v1
kind: Pod
metadata: { name: cart-1-b, namespace: shop, uid: p2, ${owned('ReplicaSet', 'cart-1')} }
${POD}
---
apiVersion: v1
kind: Pod
metadata:
  name: pg-1
  namespace: shop
  uid: p3
  labels: { team: data }
  ownerReferences: [{ apiVersion: postgresql.cnpg.io/v1, kind: Cluster, name: pg, uid: c1, controller: true }]
${POD}
---
apiVersion: v1
kind: Pod
metadata: { name: once, namespace: shop, uid: p4 }
${POD}
status: { phase: Succeeded }
---
{ apiVersion: v1, kind: ConfigMap, metadata: { name: settings, namespace: shop, uid: m1 }, data: { mode: fast } }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly, namespace: shop, uid: j0, labels: { team: batch } }
spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template: { spec: { containers: [{ name: a, image: "x:1" }] } } } } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: nightly-1, namespace: shop, uid: j1, ${owned('CronJob', 'nightly')} }
spec: { template: { spec: { containers: [{ name: a, image: "x:1" }] } } }
---
apiVersion: v1
kind: Pod
metadata: { name: nightly-1-a, namespace: shop, uid: p5, ${owned('Job', 'nightly-1')} }
${POD}
status: { phase: Succeeded }
---
{ apiVersion: v1, kind: ConfigMap, metadata: { name: settings, namespace: elsewhere, uid: m2 }, data: { mode: fast } }
`;

/** A shop in the namespace shop, of nobody. */
async function shop(name: string, said = ''): Promise<TestCluster> {
  const cluster = await hub.cluster(name, KINDS);
  await cluster.show(`${space(said)}\n---${deployment('')}\n---${OTHERS}`);
  await cluster.flush();
  return cluster;
}

async function teams(cluster: TestCluster): Promise<Readonly<Record<string, string | null>>> {
  const rows = await cluster.rows<{ id: string; team: string | null }>(
    "select concat_ws('/', kind, namespace, name) as id, team from resource where cluster_id = $1 order by 1",
  );
  return Object.fromEntries(rows.map(({ id, team }) => [id, team]));
}

/** Everything that a start would compare, and what is told as of a moment. */
const rows = (cluster: TestCluster) =>
  cluster.rows(`select kind, namespace, name, owner_kind, owner_name, team, contacts, environment, criticality, digest, valid_from, first_seen
     from resource where cluster_id = $1 order by kind, namespace, name`);
const changes = (cluster: TestCluster) =>
  cluster
    .rows<{ id: string }>(
      "select concat_ws(' ', verb, kind, name) as id from change where cluster_id = $1 order by id",
    )
    .then((found) => found.map(({ id }) => id));
const versions = async (cluster: TestCluster) =>
  (
    await cluster.rows<{ id: string }>(
      "select concat_ws('/', kind, namespace, name) as id from resource_past where cluster_id = $1",
    )
  ).map(({ id }) => id);

const OF_CART = {
  'apps/Deployment/shop/cart': 'a',
  'apps/ReplicaSet/shop/cart-1': 'a',
  'Pod/shop/cart-1-a': 'a',
  'Pod/shop/cart-1-b': 'a',
};

describe('objects in the inventory have another owner as soon as another object says so', () => {
  it.each([
    {
      what: 'all of a namespace of which nothing else says whose it is, be they judged or not',
      change: space('labels: { team: a }'),
      teams: {
        ...OF_CART,
        ...{ 'Namespace//shop': 'a', 'Pod/shop/once': 'a', 'ConfigMap/shop/settings': 'a' },
        'Pod/shop/pg-1': 'data',
        'batch/CronJob/shop/nightly': 'batch',
        'batch/Job/shop/nightly-1': 'batch',
        'Pod/shop/nightly-1-a': 'batch',
        'ConfigMap/elsewhere/settings': null,
      },
    },
    {
      what: 'all that a Deployment owns',
      change: deployment('annotations: { bulwark.dev/owner: a }'),
      teams: { ...OF_CART, 'Pod/shop/once': null, 'ConfigMap/shop/settings': null, 'Pod/shop/pg-1': 'data' },
    },
    {
      what: 'all that a CronJob owns, with pods that have ended',
      change: `
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly, namespace: shop, uid: j0, labels: { team: night } }
spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template: { spec: { containers: [{ name: a, image: "x:1" }] } } } } }`,
      teams: {
        'batch/CronJob/shop/nightly': 'night',
        'batch/Job/shop/nightly-1': 'night',
        'Pod/shop/nightly-1-a': 'night',
        'Pod/shop/cart-1-a': null,
      },
    },
  ])('$what', async ({ what, change, teams: expected }) => {
    const cluster = await shop(what);
    hub.now = new Date(hub.now.getTime() + 60_000);

    await cluster.show(change);
    await cluster.flush();

    expect(await teams(cluster)).toMatchObject(expected);
  });

  it('with environment, contacts of workloads, and how much depends on them', async () => {
    const cluster = await shop('everything');
    await cluster.show(
      space("labels: { env: Staging, criticality: high }, annotations: { contact: '#cart' }"),
    );
    await cluster.flush();

    const found = await cluster.rows(`select kind, environment, criticality, contacts from resource
       where cluster_id = $1 and namespace = 'shop' and name in ('cart', 'cart-1-a') order by kind`);
    const said = { environment: 'staging', criticality: 'crown-jewel' };
    expect(found).toEqual([
      { kind: 'Pod', ...said, contacts: null },
      { kind: 'apps/Deployment', ...said, contacts: ['#cart'] },
    ]);
  });

  it('which is a change of that object alone, and no version of theirs', async () => {
    const cluster = await shop('one change');
    hub.now = new Date(hub.now.getTime() + 60_000);
    const before = await rows(cluster);

    await cluster.show(space('labels: { team: a }'));
    await cluster.flush();

    expect(await changes(cluster)).toEqual(['changed Namespace shop']);
    expect(await versions(cluster)).toEqual(['Namespace//shop']);
    const moments = (found: readonly unknown[]) =>
      (found as { kind: string; valid_from: Date }[])
        .filter(({ kind }) => kind !== 'Namespace')
        .map(({ valid_from: since }) => since);
    expect(moments(await rows(cluster))).toEqual(moments(before));
  });

  it('of which is told by the change of that object, too', async () => {
    await tellEverything(hub);
    const cluster = await shop('told');
    await hub.store.pool.query('delete from notice');

    await cluster.show(space('labels: { team: a }'));
    await cluster.flush();

    expect(
      await cluster.rows(`select distinct c.kind, c.name, n.team from notice n left join change c on c.id = n.change_id
        where n.cluster_id = $1 and n.kind = 'apps/Deployment'`),
    ).toEqual([{ kind: 'Namespace', name: 'shop', team: 'a' }]);
  });

  it('and a start finds nothing to be written that the changes before it have not', async () => {
    const cluster = await shop('restart');
    const said = [
      space("labels: { team: a }, annotations: { contact: '#a' }"),
      deployment('labels: { owner: b, env: qa }'),
      space('labels: { team: c, criticality: low }'),
      deployment("annotations: { contact: '#d' }"),
    ];
    for (const change of said) {
      await cluster.show(change);
      await cluster.flush();
    }
    const before = await rows(cluster);

    const again = await hub.cluster('restart', KINDS);
    await again.show(`${said[2]}\n---${said[3]}\n---${OTHERS}`);
    await again.flush();

    expect(again.id).toBe(cluster.id);
    expect(await rows(again)).toEqual(before);
  });

  it('also where it said so while the hub was down', async () => {
    const cluster = await shop('down', 'labels: { team: a }');
    expect(await teams(cluster)).toMatchObject(OF_CART);
    const told = await changes(cluster);
    hub.now = new Date(hub.now.getTime() + 60_000);

    const again = await hub.cluster('down', KINDS);
    await again.show(`${space('labels: { team: b }')}\n---${deployment('')}\n---${OTHERS}`);
    await again.flush();

    expect(await teams(again)).toMatchObject({ 'Pod/shop/cart-1-a': 'b', 'ConfigMap/shop/settings': 'b' });
    expect(await changes(again)).toEqual([...told, 'changed Namespace shop']);
  });

  it('also where namespaces may be seen later only', async () => {
    const cluster = await hub.cluster('granted', { ...KINDS, Namespace: 'denied' });
    await cluster.show(`${deployment('')}\n---${OTHERS}`);
    await cluster.flush();
    expect(await teams(cluster)).toMatchObject({ 'Pod/shop/cart-1-a': null });

    await cluster.sees('Namespace', 'live');
    await cluster.show(space('labels: { team: a }'));
    await cluster.flush();

    expect(await teams(cluster)).toMatchObject(OF_CART);
  });

  it('also where the Deployment is seen later than its pods: they belong to it', async () => {
    const cluster = await hub.cluster('late', { ...KINDS, 'apps/Deployment': 'denied' });
    await cluster.show(`${space('')}\n---${OTHERS}`);
    await cluster.flush();
    const ownerOf = async () =>
      cluster.rows("select owner_kind, team from resource where cluster_id = $1 and name = 'cart-1-a'");
    expect(await ownerOf()).toEqual([{ owner_kind: 'apps/ReplicaSet', team: null }]);

    await cluster.sees('apps/Deployment', 'live');
    await cluster.show(deployment('labels: { team: a }'));
    await cluster.flush();

    expect(await ownerOf()).toEqual([{ owner_kind: 'apps/Deployment', team: 'a' }]);
  });

  it('however many they are, some at a time', async () => {
    const cluster = await shop('many');
    await hub.store.pool.query(
      `insert into resource select cluster_id, kind, namespace, 'cart-2-' || n, api_version, 'u' || n, owner_kind, owner_name, body_hash,
         kin_hash, gen_random_uuid(), instance, labels, is_workload, images, service_account, team, environment, criticality,
         first_seen, valid_from
       from resource cross join generate_series(1, 5200) n where cluster_id = $1 and kind = 'Pod' and name = 'cart-1-a'`,
      [cluster.id],
    );

    await cluster.show(space('labels: { team: a }'));

    await expect
      .poll(
        () =>
          cluster.rows(
            "select team, count(*)::int as pods from resource where cluster_id = $1 and name like 'cart-2-%' group by 1",
          ),
        { timeout: 20_000 },
      )
      .toEqual([{ team: 'a', pods: 5200 }]);
  });
});
