import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestCluster, TestHub } from '../handlers/test-cluster.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date('2026-11-26T10:00:00Z'));
}, 60_000);

afterAll(() => hub?.stop());

const KINDS = Object.fromEntries(
  [
    ...['Namespace', 'Pod', 'ConfigMap', 'apps/Deployment', 'apps/ReplicaSet', 'apps/StatefulSet'],
    ...['batch/CronJob', 'argoproj.io/Rollout', 'kafka.example.com/Kafka'],
  ].map((kind) => [kind, 'live' as const]),
);

const APIS: Readonly<Record<string, string>> = {
  ...{ Kafka: 'kafka.example.com/v1', ConfigMap: 'v1', Rollout: 'argoproj.io/v1alpha1', CronJob: 'batch/v1' },
  ...{ Pod: 'v1', Cluster: 'postgresql.cnpg.io/v1' },
};
const POD = 'spec: { containers: [{ name: app, image: "x:1", securityContext: { privileged: true } }] }';
const BODIES: Readonly<Record<string, string>> = {
  ...{ Pod: POD, Kafka: '', ConfigMap: '' },
  CronJob: `spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template: { ${POD} } } } }`,
};

/** An object, who owns it, and what its metadata say besides. */
function object(named: string, owner = '', said = ''): string {
  const apiOf = (kind: string) => APIS[kind] ?? 'apps/v1';
  const [kind = '', name = ''] = named.split('/');
  const [ownerKind = '', ownerName = ''] = owner.replace('~', '').split('/');
  const reference = `{ apiVersion: ${apiOf(ownerKind)}, kind: ${ownerKind}, name: ${ownerName}, uid: u-${ownerName}${owner.startsWith('~') ? '' : ', controller: true'} }`;
  return `
apiVersion: ${apiOf(kind)}
kind: ${kind}
metadata: { name: ${name}, namespace: ops, uid: u-${name}, ${owner && `ownerReferences: [${reference}], `}${said} }
${BODIES[kind] ?? `spec: { template: { ${POD} } }`}
`;
}

async function shown(name: string, ...objects: readonly string[]): Promise<TestCluster> {
  const cluster = await hub.cluster(name, KINDS);
  await cluster.show(objects.join('---'));
  await cluster.flush();
  return cluster;
}

const named = async (cluster: TestCluster, from: string) =>
  (
    await cluster.rows<{ id: string }>(
      `select distinct concat_ws('/', substring(kind from '[^/]+$'), name) as id from ${from} order by 1`,
    )
  ).map(({ id }) => id);
const workloads = (cluster: TestCluster) => named(cluster, 'resource where cluster_id = $1 and is_workload');
const privileged = (cluster: TestCluster) =>
  named(cluster, "finding where cluster_id = $1 and control = 'privileged-container'");
const rowOf = async (cluster: TestCluster, name: string) =>
  (
    await cluster.rows(`select concat_ws('/', substring(owner_kind from '[^/]+$'), owner_name) as owner, is_workload, images, service_account, team
       from resource where cluster_id = $1 and name = '${name}'`)
  )[0];

const STATEFUL_SET = object('StatefulSet/main-kafka', 'Kafka/main');
const OWN = {
  owner: 'StatefulSet/main-kafka',
  is_workload: true,
  images: ['x:1'],
  service_account: 'default',
};

describe('a workload', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['is what an operator makes', [object('Kafka/main'), STATEFUL_SET], ['StatefulSet/main-kafka']],
    ['is it also where that is not collected', [STATEFUL_SET], ['StatefulSet/main-kafka']],
    [
      'is what names an owner that does not control it',
      [object('ConfigMap/marker'), object('CronJob/nightly', '~ConfigMap/marker')],
      ['CronJob/nightly'],
    ],
    [
      'is what says that something controls it which makes no such thing',
      [object('Deployment/web'), object('CronJob/nightly', 'Deployment/web')],
      ['CronJob/nightly', 'Deployment/web'],
    ],
    [
      'is the Rollout and not its ReplicaSet',
      [object('Rollout/web'), object('ReplicaSet/web-1', 'Rollout/web')],
      ['Rollout/web'],
    ],
    [
      'is a ReplicaSet whose Deployment is not there',
      [object('ReplicaSet/web-1', 'Deployment/web')],
      ['ReplicaSet/web-1'],
    ],
    ['is a pod of nobody', [object('Pod/alone')], ['Pod/alone']],
    ['is a pod of what makes none', [object('Pod/alone', 'ConfigMap/marker')], ['Pod/alone']],
  ])('%s, and has its findings', async (what, objects, expected) => {
    const cluster = await shown(what, ...objects);

    expect(await workloads(cluster)).toEqual(expected);
    expect(await privileged(cluster)).toEqual(expected);
  });

  it('is no pod of an operator: what these name as what controls them is one, and has their findings', async () => {
    const pods = ['pg-1', 'pg-2'].map((name) => object(`Pod/${name}`, 'Cluster/pg'));
    const cluster = await shown('pods of an operator', ...pods);

    expect(await workloads(cluster)).toEqual(['Cluster/pg']);
    expect(await privileged(cluster)).toEqual(['Cluster/pg']);
    expect(await rowOf(cluster, 'pg-1')).toMatchObject({ owner: 'Cluster/pg' });
  });

  it('is the Deployment whose template a Rollout takes, with the pods of the Rollout', async () => {
    const rollout = object('Rollout/web').replace(
      /^spec: .*$/m,
      'spec: { workloadRef: { apiVersion: apps/v1, kind: Deployment, name: web } }',
    );
    const sets = ['web-1', 'web-2'].map((name) => object(`ReplicaSet/${name}`, 'Rollout/web'));
    const cluster = await shown('rollout', rollout, ...sets, object('Pod/web-2-a', 'ReplicaSet/web-2'));
    expect(await workloads(cluster)).toEqual(['ReplicaSet/web-1', 'ReplicaSet/web-2']);

    await cluster.show(object('Deployment/web'));
    await cluster.flush();
    expect(await workloads(cluster)).toEqual(['Deployment/web']);
    expect(await privileged(cluster)).toEqual(['Deployment/web']);
    const owned = { owner: 'Deployment/web', is_workload: false };
    expect([await rowOf(cluster, 'web-1'), await rowOf(cluster, 'web-2-a')]).toMatchObject([owned, owned]);

    await cluster.remove('argoproj.io/Rollout', 'ops', 'web');
    await cluster.flush();
    expect(await workloads(cluster)).toEqual(['Deployment/web', 'ReplicaSet/web-1', 'ReplicaSet/web-2']);
    expect(await rowOf(cluster, 'web-2-a')).toMatchObject({ owner: 'ReplicaSet/web-2' });
  });

  it('is the Deployment as soon as it comes, and its ReplicaSet when it is gone, each with its pods', async () => {
    const [set, pod] = [
      object('ReplicaSet/web-1', 'Deployment/web'),
      object('Pod/web-1-a', 'ReplicaSet/web-1'),
    ];
    const cluster = await shown('comes and goes', set, pod);

    await cluster.show(object('Deployment/web'));
    await cluster.flush();
    expect(await workloads(cluster)).toEqual(['Deployment/web']);
    expect(await privileged(cluster)).toEqual(['Deployment/web']);
    const owned = { owner: 'Deployment/web', is_workload: false, images: [], service_account: '' };
    expect([await rowOf(cluster, 'web-1'), await rowOf(cluster, 'web-1-a')]).toMatchObject([owned, owned]);

    await cluster.remove('apps/Deployment', 'ops', 'web');
    await cluster.flush();
    expect(await workloads(cluster)).toEqual(['ReplicaSet/web-1']);
    expect(await privileged(cluster)).toEqual(['ReplicaSet/web-1']);
    const own = { ...OWN, owner: 'ReplicaSet/web-1' };
    expect([await rowOf(cluster, 'web-1'), await rowOf(cluster, 'web-1-a')]).toMatchObject([
      own,
      { owner: 'ReplicaSet/web-1', is_workload: false },
    ]);
  });

  it('has its ReplicaSet and its pods as soon as it adopts them', async () => {
    const [orphan, pod] = [object('ReplicaSet/web-1'), object('Pod/web-1-a', 'ReplicaSet/web-1')];
    const cluster = await shown('adopts', object('Deployment/new'), orphan, pod);
    expect(await workloads(cluster)).toEqual(['Deployment/new', 'ReplicaSet/web-1']);

    await cluster.show(object('ReplicaSet/web-1', 'Deployment/new'));
    await cluster.flush();
    expect(await workloads(cluster)).toEqual(['Deployment/new']);
    expect(await rowOf(cluster, 'web-1-a')).toMatchObject({ owner: 'Deployment/new' });

    await cluster.show(orphan);
    await cluster.flush();
    expect(await workloads(cluster)).toEqual(['Deployment/new', 'ReplicaSet/web-1']);
    expect(await rowOf(cluster, 'web-1-a')).toMatchObject({ owner: 'ReplicaSet/web-1' });
  });
});

describe('whose a workload of an operator is', () => {
  it('is told by the operator where it does not say it, by now and by its findings', async () => {
    const cluster = await shown('told', object('Kafka/main', '', 'labels: { team: a }'), STATEFUL_SET);
    const teams = async () => [
      ((await rowOf(cluster, 'main-kafka')) as { team: string }).team,
      ...(
        await cluster.rows<{ team: string }>(
          "select distinct team from finding where cluster_id = $1 and name = 'main-kafka'",
        )
      ).map(({ team }) => team),
    ];
    expect(await teams()).toEqual(['a', 'a']);

    await cluster.show(object('Kafka/main', '', 'labels: { team: b }'));
    await cluster.flush();
    expect(await teams()).toEqual(['b', 'b']);

    await cluster.remove('kafka.example.com/Kafka', 'ops', 'main');
    await cluster.flush();
    expect(await teams()).toEqual([null, null]);
  });

  it('is told by itself first', async () => {
    const labelled = object('StatefulSet/main-kafka', 'Kafka/main', 'labels: { team: streams }');
    const cluster = await shown('first', object('Kafka/main', '', 'labels: { team: a }'), labelled);

    expect(await rowOf(cluster, 'main-kafka')).toEqual({ ...OWN, team: 'streams' });
  });
});

it('what was stored as no workload is one after a start: that is no change of it, and as of before it is none', async () => {
  const cluster = await shown('of old', object('Kafka/main'), STATEFUL_SET);
  const rows = () =>
    cluster.rows(
      `select to_jsonb(r) - 'valid_from' as row from resource r where cluster_id = $1 order by kind`,
    );
  const right = await rows();
  await hub.store.pool.query(
    `update resource set is_workload = false, owner_kind = 'kafka.example.com/Kafka', owner_name = 'main', images = '{}',
       service_account = '', digest = gen_random_uuid() where cluster_id = $1 and name = 'main-kafka'`,
    [cluster.id],
  );
  hub.now = new Date(hub.now.getTime() + 3_600_000);

  await shown('of old', object('Kafka/main'), STATEFUL_SET);

  expect(await rows()).toEqual(right);
  expect(await cluster.rows('select * from change where cluster_id = $1')).toEqual([]);
  expect(
    await cluster.rows('select name, owner_name, is_workload from resource_past where cluster_id = $1'),
  ).toEqual([{ name: 'main-kafka', owner_name: 'main', is_workload: false }]);
});
