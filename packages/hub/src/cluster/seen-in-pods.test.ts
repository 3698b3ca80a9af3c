import { podsMadeAlike } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestCluster, TestHub, type TestSight } from '../handlers/test-cluster.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date('2026-11-26T10:00:00Z'));
}, 60_000);

afterAll(() => hub?.stop());

const OP = 'op.example.com/Op';
const READ = { Namespace: 'live', Pod: 'live' } as const;
const WATCHED = { ...READ, [OP]: 'live' } as const;
type Sights = Readonly<Record<string, TestSight>>;

interface Pod {
  readonly image?: string;
  readonly owner?: string;
  readonly phase?: string;
  readonly said?: string;
}

/** One of the privileged pods that an operator makes itself. */
function pod(
  name: string,
  { image = 'x:1', owner = 'kafka', phase = 'Running', said = '' }: Pod = {},
): string {
  return `
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: kaf
  uid: u-${name}
  labels: { team: streams }
  annotations: { ${said} }
  ownerReferences: [{ apiVersion: op.example.com/v1, kind: Op, name: ${owner}, uid: u-${owner}, controller: true }]
spec:
  serviceAccountName: broker
  containers: [{ name: app, image: "${image}", securityContext: { privileged: true }, env: [{ name: PASSWORD, value: w0nderland-42 }] }]
status: { phase: ${phase} }
`;
}
const object = (said = '', spec = ''): string =>
  `{ apiVersion: op.example.com/v1, kind: Op, metadata: { name: kafka, namespace: kaf, uid: u-kafka, ${said} }, ${spec} }`;
const TEMPLATE = 'spec: { template: { spec: { containers: [{ name: app, image: "x:9" }] } } }';
const PODS = ['kafka-0', 'kafka-1', 'kafka-2'].map((name) => pod(name)).join('\n---\n');

async function watched(name: string, sights: Sights = READ): Promise<TestCluster> {
  return hub.cluster(name, sights);
}

const NAMESPACE = '{ apiVersion: v1, kind: Namespace, metadata: { name: kaf, uid: u-kaf } }';

async function shown(name: string, sights: Sights, ...objects: readonly string[]): Promise<TestCluster> {
  const cluster = await watched(name, sights);
  await cluster.show([NAMESPACE, ...objects].join('\n---\n'));
  await cluster.flush();
  return cluster;
}

const rowOf = async (cluster: TestCluster, name = 'kafka') =>
  (
    await cluster.rows<Record<string, unknown>>(
      `select kind, uid, owner_kind as owner, is_workload, images, service_account, team from resource
       where cluster_id = $1 and namespace = 'kaf' and name = '${name}'`,
    )
  )[0];
const imagesOf = async (cluster: TestCluster) =>
  (
    await cluster.rows<{ images: string[] }>(
      `select images from resource where cluster_id = $1 and kind = '${OP}'`,
    )
  )[0]?.images;
const privileged = (cluster: TestCluster) =>
  cluster.rows<{
    fingerprint: string;
    kind: string;
    name: string;
    message: string;
    team: string;
    fixable: boolean;
  }>(
    `select fingerprint, kind, name, message, team, fixable from finding
     where cluster_id = $1 and control = 'privileged-container' order by name`,
  );
const changes = async (cluster: TestCluster) =>
  (
    await cluster.rows<{ change: string }>(
      `select concat_ws(' ', verb, substring(kind from '[^/]+$'), name) as change from change where cluster_id = $1 order by id`,
    )
  ).map(({ change }) => change);
const bodies = async (cluster: TestCluster) =>
  (
    await cluster.rows<{ content: object }>(
      `select b.content from resource r join body b on b.cluster_id = r.cluster_id and b.hash = r.body_hash
     where r.cluster_id = $1 and r.kind = '${OP}'`,
    )
  ).map(({ content }) => content);
const ended = async (cluster: TestCluster) =>
  (
    await cluster.rows<{ ended: number }>(
      `select count(*)::int as ended from finding_past where cluster_id = $1`,
    )
  )[0]?.ended;

const WORKLOAD = {
  ...{ kind: OP, owner: OP, is_workload: true, images: ['x:1'], service_account: 'broker', team: 'streams' },
};

describe('pods whose controller has no template', () => {
  it.each<[string, Sights, readonly string[], string]>([
    ['is not watched', READ, [PODS], ''],
    ['is watched', WATCHED, [object(), PODS], 'u-kafka'],
    ['comes after them', WATCHED, [PODS, object()], 'u-kafka'],
  ])('are one workload under its name where that %s', async (what, sights, objects, uid) => {
    const cluster = await shown(what, sights, ...objects);

    expect(await rowOf(cluster)).toEqual({ ...WORKLOAD, uid });
    expect(await privileged(cluster)).toMatchObject([
      {
        kind: OP,
        name: 'kafka',
        message: expect.stringContaining('Op/kafka'),
        team: 'streams',
        fixable: false,
      },
    ]);
    expect(await rowOf(cluster, 'kafka-0')).toMatchObject({ owner: OP, is_workload: false });
    const [body] = await bodies(cluster);
    expect(body).toMatchObject({ seenInPods: [{ spec: { containers: [{ image: 'x:1' }] } }] });
    expect(JSON.stringify(body)).not.toContain('w0nderland');
  });

  it('are one that runs what each of them runs, as long as it does', async () => {
    const cluster = await shown('contents', READ, pod('kafka-0'), pod('kafka-1', { image: 'x:2' }));
    expect(new Set(await imagesOf(cluster))).toEqual(new Set(['x:1', 'x:2']));

    hub.now = new Date(hub.now.getTime() + 3_600_000);
    await cluster.show(pod('kafka-0', { phase: 'Succeeded' }));
    await cluster.flush();
    expect(await rowOf(cluster)).toMatchObject({ images: ['x:2'] });
    expect(
      await cluster.rows(`select name from resource_past where cluster_id = $1 and kind = '${OP}'`),
    ).toEqual([{ name: 'kafka' }]);

    await cluster.show(pod('kafka-1', { image: 'x:2', phase: 'Failed' }));
    await cluster.flush();
    expect(await rowOf(cluster)).toBeUndefined();
    expect(await privileged(cluster)).toEqual([]);
  });

  it('are judged each for itself where no object can be called as they name it, and nothing stays of that', async () => {
    const cluster = await watched('called as nothing');
    const strange = pod('strange').replace('kind: Op,', 'kind: "Kafka|ops|main",');
    await cluster.show(`${NAMESPACE}\n---\n${strange}`);
    await cluster.flush();
    const kinds = () => cluster.rows('select kind from resource where cluster_id = $1 order by kind');
    expect(await kinds()).toEqual([{ kind: 'Namespace' }, { kind: 'Pod' }]);
    expect(await privileged(cluster)).toMatchObject([{ kind: 'Pod', name: 'strange' }]);

    await cluster.remove('Pod', 'kaf', 'strange');
    await cluster.flush();
    expect(await kinds()).toEqual([{ kind: 'Namespace' }]);
    expect(await privileged(cluster)).toEqual([]);
  });

  it('are judged each where one was made to look like a harmless one, and both are told', async () => {
    const [harmless, malicious] = podsMadeAlike('kaf').map((each) => JSON.stringify(each));
    const cluster = await shown('made alike', READ, harmless ?? '');
    expect(await privileged(cluster)).toEqual([]);

    await cluster.show(malicious ?? '');
    await cluster.flush();
    expect(await privileged(cluster)).toMatchObject([{ kind: OP, name: 'o' }]);
  });

  it('are news themselves, and what is made of them is none', async () => {
    const cluster = await shown('news', WATCHED);

    await cluster.show(pod('kafka-0'));
    await cluster.flush();
    expect(await changes(cluster)).toEqual(['created Pod kafka-0']);

    await cluster.show(object());
    await cluster.flush();
    await cluster.show(pod('kafka-1', { image: 'evil:1' }));
    await cluster.flush();
    expect((await changes(cluster)).slice(1)).toEqual(['created Op kafka', 'created Pod kafka-1']);

    await cluster.show(object('labels: { tier: front }'));
    await cluster.flush();
    await cluster.remove('Pod', 'kaf', 'kafka-0');
    await cluster.flush();
    expect((await changes(cluster)).slice(3)).toEqual(['changed Op kafka', 'deleted Pod kafka-0']);
  });

  it('stand in for it when it is deleted before them, which is told, and open nothing anew', async () => {
    const cluster = await shown('deleted', WATCHED, object(), PODS);
    const before = await privileged(cluster);

    await cluster.remove(OP, 'kaf', 'kafka');
    await cluster.flush();
    expect(await changes(cluster)).toEqual(['deleted Op kafka']);
    expect(await rowOf(cluster)).toEqual({ ...WORKLOAD, uid: '' });
    expect(await privileged(cluster)).toEqual(before);
    expect(await ended(cluster)).toBe(0);

    await cluster.show(object());
    await cluster.flush();
    expect(await privileged(cluster)).toEqual(before);
    for (const name of ['kafka-0', 'kafka-1', 'kafka-2']) await cluster.remove('Pod', 'kaf', name);
    await cluster.flush();
    expect(await rowOf(cluster)).toMatchObject({ uid: 'u-kafka', is_workload: false, images: [] });
    expect((await bodies(cluster))[0]).not.toHaveProperty('seenInPods');
    expect(await privileged(cluster)).toEqual([]);
  });

  it('are those of its template as soon as it has one', async () => {
    const cluster = await shown('template', WATCHED, object(), PODS);
    const before = await privileged(cluster);

    await cluster.show(object('', TEMPLATE));
    await cluster.flush();
    expect(await rowOf(cluster)).toMatchObject({ is_workload: true, images: ['x:9'] });
    expect(await privileged(cluster)).toMatchObject([{ fingerprint: before[0]?.fingerprint, kind: OP }]);
    expect((await bodies(cluster))[0]).not.toHaveProperty('seenInPods');
  });

  it('accept a finding where it says so, or all of them do', async () => {
    const control = 'supplemental-groups-merge';
    const said = `bulwark.dev/except.${control}: "It reads the disks.; owner=ann"`;
    const excepted = async (what: string, ...objects: readonly string[]) => {
      const cluster = await shown(what, WATCHED, ...objects);
      const found = await cluster.rows<{ excepted: boolean }>(
        `select exception is not null as excepted from finding where cluster_id = $1 and control = '${control}'`,
      );
      return found[0]?.excepted;
    };

    expect(await excepted('said by it', object(`annotations: { ${said} }`), PODS)).toBe(true);
    expect(await excepted('said by all', pod('kafka-0', { said }), pod('kafka-1', { said }))).toBe(true);
    expect(await excepted('said by one', pod('kafka-0', { said }), pod('kafka-1'))).toBe(false);
  });
});

describe('after a start', () => {
  it.each<[string, Sights, Sights, readonly string[], readonly string[]]>([
    ['that shows the same', READ, READ, [PODS], [PODS]],
    ['in which pods may not be read', READ, { ...READ, Pod: 'denied' }, [PODS], []],
    ['in which the list of pods fails', READ, { ...READ, Pod: 'pending' }, [PODS], []],
    ['in which its kind may not be read', WATCHED, { ...READ, [OP]: 'denied' }, [object(), PODS], [PODS]],
    [
      'in which nothing may be read',
      WATCHED,
      { Namespace: 'live', Pod: 'denied', [OP]: 'denied' },
      [object(), PODS],
      [],
    ],
  ])('%s it is what it was', async (what, before, after, objects, seen) => {
    const first = await shown(what, before, ...objects);
    const was = { row: await rowOf(first), found: await privileged(first), body: await bodies(first) };
    expect(was.found).toHaveLength(1);

    const second = await shown(what, after, ...seen);

    expect({ row: await rowOf(second), found: await privileged(second), body: await bodies(second) }).toEqual(
      was,
    );
    expect(await changes(second)).toEqual([]);
    expect(await ended(second)).toBe(0);
  });

  it('it is gone where its pods went while nobody looked', async () => {
    await shown('gone', READ, PODS);
    const cluster = await shown('gone', READ);
    for (const name of ['kafka-0', 'kafka-1', 'kafka-2']) await cluster.remove('Pod', 'kaf', name);
    await cluster.flush();

    expect(await rowOf(cluster)).toBeUndefined();
    expect(await privileged(cluster)).toEqual([]);
    expect((await changes(cluster)).filter((change) => change.includes('Op'))).toEqual([]);
  });

  it('nothing stays of one that was stored by an earlier version under a kind that no object can have', async () => {
    const first = await shown('stored by an earlier version', READ, PODS);
    await first.rows(
      `update resource set kind = 'Kafka|ops|main', name = 'n|2' where cluster_id = $1 and kind = '${OP}'`,
    );

    const cluster = await shown('stored by an earlier version', READ, pod('other', { owner: 'other' }));

    expect(
      await cluster.rows(
        `select kind, name from resource where cluster_id = $1 and kind not in ('Namespace', 'Pod')`,
      ),
    ).toEqual([{ kind: OP, name: 'other' }]);
  });

  it('its kind is new where that is watched for the first time: no news, and no finding ends', async () => {
    const before = await privileged(await shown('watched first', READ, PODS));

    const cluster = await shown(
      'watched first',
      WATCHED,
      PODS,
      object('creationTimestamp: "2020-01-01T00:00:00Z"'),
    );

    expect(await rowOf(cluster)).toEqual({ ...WORKLOAD, uid: 'u-kafka' });
    expect(await privileged(cluster)).toEqual(before);
    expect(await changes(cluster)).toEqual([]);
    expect(await ended(cluster)).toBe(0);
  });
});

it('hundreds of runs of one content are stored with one body', async () => {
  const cluster = await watched('runs');
  for (let batch = 0; batch < 2; batch++) {
    const names = Array.from({ length: 150 }, (_, at) => `run-${batch}-${at}`);
    for (const phase of ['Running', 'Succeeded']) {
      await cluster.show(names.map((owner) => pod(`${owner}-pod`, { owner, phase })).join('\n---\n'));
      await cluster.flush();
    }
  }

  const [stored] = await cluster.rows<{ bodies: number; left: number }>(
    `select (select count(*)::int from body where cluster_id = $1 and content ? 'seenInPods') as bodies,
       (select count(*)::int from resource where cluster_id = $1 and kind = '${OP}') as left`,
  );
  expect(stored).toEqual({ bodies: 1, left: 0 });
}, 120_000);
