import { EVERY_RECORD } from '@bulwark/core';
import { listResources, listWorkloads, podsOf, scopeOf } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestCluster, TestHub } from '../handlers/test-cluster.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date('2026-11-26T10:00:00Z'));
}, 60_000);

afterAll(() => hub?.stop());

const KINDS = {
  Pod: 'live',
  Namespace: 'live',
  'apps/Deployment': 'live',
  'apps/ReplicaSet': 'live',
  'batch/CronJob': 'live',
  'batch/Job': 'live',
} as const;

const GROUPS: Readonly<Record<string, string>> = { Pod: 'v1', Job: 'batch/v1', CronJob: 'batch/v1' };

const TEMPLATE = '{ spec: { containers: [{ name: a, image: "x:1" }] } }';
const SPECS: Readonly<Record<string, string>> = {
  Pod: '{ nodeName: node-1, containers: [{ name: a, image: "x:1" }] }',
  Job: `{ template: ${TEMPLATE} }`,
  CronJob: `{ schedule: "0 3 * * *", jobTemplate: { spec: { template: ${TEMPLATE} } } }`,
};

/** An object as YAML; what is of others is named as Kind/name. */
function object(id: string, owner = '', more = ''): string {
  const [kind = '', name = ''] = id.split('/');
  const [ownerKind = '', ownerName = ''] = owner.split('/');
  const reference = `ownerReferences: [{ apiVersion: ${GROUPS[ownerKind] ?? 'apps/v1'}, kind: ${ownerKind}, name: ${ownerName}, uid: ${ownerName}, controller: true }]`;
  return `
---
apiVersion: ${GROUPS[kind] ?? 'apps/v1'}
kind: ${kind}
metadata: { name: ${name}, namespace: shop, uid: ${name}, ${[more, owner && reference].filter((each) => each !== '').join(', ')} }
spec: ${SPECS[kind] ?? `{ selector: { matchLabels: { app: web } }, template: ${TEMPLATE} }`}`;
}

const SHOP = [
  '{ apiVersion: v1, kind: Namespace, metadata: { name: shop } }',
  object('Deployment/web', '', 'labels: { team: payments }'),
  object('ReplicaSet/web-1', 'Deployment/web'),
  object('Pod/web-1-a', 'ReplicaSet/web-1'),
  object('Pod/web-1-b', 'ReplicaSet/web-1'),
  object('CronJob/nightly', '', 'labels: { team: batch }'),
  object('Job/nightly-1', 'CronJob/nightly'),
  object('Pod/nightly-1-a', 'Job/nightly-1'),
].join('');

async function shop(name: string): Promise<TestCluster> {
  const cluster = await hub.cluster(name, KINDS);
  await cluster.show(SHOP);
  await cluster.flush();
  return cluster;
}

/** What lists and passports say of whose what is, now or as of a moment. */
async function told({ id }: TestCluster, asOf?: Date) {
  const scope = scopeOf({ clusters: [id], namespaces: 'all' });
  const request = { query: EVERY_RECORD, limit: 50, now: hub.now, sort: 'name', ...(asOf && { asOf }) };
  const [workloads, objects] = await Promise.all([
    listWorkloads(hub.store, scope, request),
    listResources(hub.store, scope, request),
  ]);
  const pods = workloads.items.map(({ kind, namespace, name }) =>
    podsOf(hub.store, scope, { cluster: id, kind, namespace, name, asOf }),
  );
  return {
    workloads: workloads.items.map(({ name, team, pods: count, nodes, images }) => ({
      name,
      team,
      pods: count,
      nodes,
      images,
    })),
    pods: (await Promise.all(pods)).map((found) => found.map(({ name }) => name)),
    objects: objects.items.map(({ kind, name, team }) => [kind, name, team]),
  };
}

async function kept(cluster: TestCluster, table: 'change' | 'resource_past'): Promise<readonly string[]> {
  const found = await cluster.rows<{ id: string }>(
    `select concat_ws('/', kind, name) as id from ${table} where cluster_id = $1 order by 1`,
  );
  return found.map((row) => row.id);
}

const later = (ms: number): void => {
  hub.now = new Date(hub.now.getTime() + ms);
};

describe('what was so at a moment stays so', () => {
  it.each([
    ['a few seconds', 5000],
    ['an hour', 3_600_000],
  ])('where an owner goes %s later and what it made ends after it', async (after, ms) => {
    const cluster = await shop(`goes after ${after}`);
    const at = hub.now;
    const before = await told(cluster);
    expect(before.workloads).toEqual([
      { name: 'nightly', team: 'batch', pods: 1, nodes: ['node-1'], images: ['x:1'] },
      { name: 'web', team: 'payments', pods: 2, nodes: ['node-1'], images: ['x:1'] },
    ]);

    later(ms);
    for (const [kind, name] of [
      ['apps/Deployment', 'web'],
      ['batch/Job', 'nightly-1'],
      ['apps/ReplicaSet', 'web-1'],
    ] as const) {
      await cluster.remove(kind, 'shop', name);
      await cluster.flush();
      later(1000);
    }
    const between = [new Date(hub.now.getTime() - 1), await told(cluster)] as const;
    expect(between[1].workloads.map(({ name }) => name)).toEqual(['nightly']);
    for (const name of ['web-1-a', 'web-1-b', 'nightly-1-a']) await cluster.remove('Pod', 'shop', name);
    await cluster.flush();

    expect(await told(cluster, at)).toEqual(before);
    expect(await told(cluster, between[0])).toEqual(between[1]);
  });

  it.each([
    ['a few seconds', 5000],
    ['an hour', 3_600_000],
  ])(
    'where what an owner made is left without it %s later, and where another one adopts it',
    async (after, ms) => {
      const cluster = await shop(`orphans after ${after}`);
      const moments: [Date, Awaited<ReturnType<typeof told>>][] = [[hub.now, await told(cluster)]];
      for (const next of [
        object('ReplicaSet/web-1'),
        object('Deployment/new') + object('ReplicaSet/web-1', 'Deployment/new'),
      ]) {
        later(ms);
        await cluster.show(next);
        await cluster.flush();
        moments.push([hub.now, await told(cluster)]);
      }

      expect(
        moments.map(([, { workloads }]) => workloads.map(({ name, pods }) => `${name} ${pods}`)),
      ).toEqual([
        ['nightly 1', 'web 2'],
        ['nightly 1', 'web 0', 'web-1 2'],
        ['new 2', 'nightly 1', 'web 0'],
      ]);
      for (const [at, expected] of moments) expect(await told(cluster, at)).toEqual(expected);
    },
  );

  it('with one version for each object that is another owner’s, and no change of it', async () => {
    const cluster = await shop('costs');
    later(5000);
    await cluster.remove('apps/Deployment', 'shop', 'web');
    await cluster.flush();

    expect(await kept(cluster, 'resource_past')).toEqual([
      'Pod/web-1-a',
      'Pod/web-1-b',
      'apps/Deployment/web',
      'apps/ReplicaSet/web-1',
    ]);
    expect(await kept(cluster, 'change')).toEqual(['apps/Deployment/web']);
  });
});
