import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestCluster, TestHub } from '../handlers/test-cluster.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date('2026-11-26T10:00:00Z'));
}, 60_000);

afterAll(() => hub?.stop());

const KINDS = Object.fromEntries(
  ['Namespace', 'Pod', 'apps/Deployment', 'apps/ReplicaSet', 'batch/CronJob', 'batch/Job'].map((kind) => [
    kind,
    'live' as const,
  ]),
);
const PRIVILEGED = 'securityContext: { privileged: true }';
const HARMLESS = 'securityContext: { runAsUser: 1000 }';
const template = (container = ''): string =>
  `spec: { containers: [{ name: app, image: "x:1"${container && `, ${container}`} }] }`;

interface Named {
  readonly owner?: string;
  readonly rest?: string;
}

/** An object `Kind/name` of one namespace, controlled by another one. */
function object(named: string, { owner = '', rest = template() }: Named = {}): string {
  const api = (kind: string) =>
    ({ Pod: 'v1', Job: 'batch/v1', CronJob: 'batch/v1', Kafka: 'kafka.example.com/v1' })[kind] ?? 'apps/v1';
  const [kind = '', name = ''] = named.split('/');
  const [by = '', byName = ''] = owner.split('/');
  const reference =
    owner &&
    `, ownerReferences: [{ apiVersion: ${api(by)}, kind: ${by}, name: ${byName}, uid: u-${byName}, controller: true }]`;
  return `
apiVersion: ${api(kind)}
kind: ${kind}
metadata: { name: ${name}, namespace: ops, uid: u-${name}${reference}, managedFields: [{ manager: kubectl, operation: Update }] }
${rest}
`;
}

const ofKafka = (name: string, container?: string): string =>
  object(`Pod/${name}`, { owner: 'Kafka/k', rest: template(container) });
const ofWeb = (name: string, debugger_ = ''): string => {
  const rest = debugger_
    ? template().replace(' }] }', ` }], ephemeralContainers: [{ name: dbg, image: b, ${debugger_} }] }`)
    : template();
  return object(`Pod/${name}`, { owner: 'ReplicaSet/web-1', rest });
};
const WEB = [
  object('Deployment/web', { rest: `spec: { template: { ${template()} } }` }),
  object('ReplicaSet/web-1', { owner: 'Deployment/web', rest: `spec: { template: { ${template()} } }` }),
].join('---');

async function watched(name: string, ...objects: readonly string[]): Promise<TestCluster> {
  const cluster = await hub.cluster(name, KINDS);
  const namespace = '{ apiVersion: v1, kind: Namespace, metadata: { name: ops } }\n';
  await cluster.show([namespace, ...objects].join('---'));
  await cluster.flush();
  return cluster;
}

/** Shows objects, all of which come at once. */
async function show(cluster: TestCluster, ...objects: readonly string[]): Promise<void> {
  hub.now = new Date(hub.now.getTime() + 60_000);
  await cluster.show(objects.join('---'));
  await cluster.flush();
}

async function remove(cluster: TestCluster, ...pods: readonly string[]): Promise<void> {
  hub.now = new Date(hub.now.getTime() + 60_000);
  await Promise.all(pods.map((name) => cluster.remove('Pod', 'ops', name)));
  await cluster.flush();
}

const change = `(select concat_ws(' ', verb, name) from change c where c.cluster_id = f.cluster_id and c.id = f.BY)`;
async function behind(cluster: TestCluster, table: 'finding' | 'finding_past', by: string) {
  const found = await cluster.rows<{ change: string | null }>(
    `select ${change.replace('BY', by)} as change from ${table} f where cluster_id = $1 and control = 'privileged-container'`,
  );
  return found.map((each) => each.change);
}
const opened = (cluster: TestCluster) => behind(cluster, 'finding', 'change_id');
const resolved = (cluster: TestCluster) => behind(cluster, 'finding_past', 'resolved_by');
/** How many findings each change is told to have ended, but for those that ended none. */
const ends = (cluster: TestCluster) =>
  cluster.rows(
    `select concat_ws(' ', verb, name) as change from change where cluster_id = $1 and resolved > 0 order by id`,
  );

describe('behind what pods alone show', () => {
  it.each([
    ['first', [ofKafka('k-bad', PRIVILEGED), ofKafka('k-good')]],
    ['last', [ofKafka('k-good'), ofKafka('k-bad', PRIVILEGED)]],
  ])('is who made the one that shows it, be it the %s of several that came at once', async (what, pods) => {
    const cluster = await watched(`made ${what}`);

    await show(cluster, ...pods);

    expect(await opened(cluster)).toEqual(['created k-bad']);
  });

  it('is who put a container into the one that shows it, and not who did into another', async () => {
    const cluster = await watched('debugged', WEB, ofWeb('web-1-a'), ofWeb('web-1-b'));

    await show(cluster, ofWeb('web-1-a', PRIVILEGED), ofWeb('web-1-b', HARMLESS));

    expect(await opened(cluster)).toEqual(['changed web-1-a']);
  });

  it('is who deleted the last that showed it, and nobody who deleted others', async () => {
    const cluster = await watched('deleted', ofKafka('k-good'), ofKafka('k-better', HARMLESS));
    await show(cluster, ofKafka('k-bad', PRIVILEGED));

    await remove(cluster, 'k-better', 'k-bad', 'k-good');

    expect(await resolved(cluster)).toEqual(['deleted k-bad']);
  });

  it('is who deleted the pod of a Deployment that somebody had written into, which is told to its end', async () => {
    const cluster = await watched('deleted of a Deployment', WEB, ofWeb('web-1-a'), ofWeb('web-1-b'));
    await show(cluster, ofWeb('web-1-a', PRIVILEGED));

    await remove(cluster, 'web-1-b', 'web-1-a');

    expect(await resolved(cluster)).toEqual(['deleted web-1-a']);
    expect(await ends(cluster)).toEqual([{ change: 'deleted web-1-a' }]);
    expect(await cluster.rows(`select from change where cluster_id = $1 and name = 'web-1-b'`)).toEqual([]);
  });

  it('is whoever made the Job that runs them by hand, and not who made another', async () => {
    const cron = object('CronJob/nightly', {
      rest: `spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template: { ${template()} } } } }`,
    });
    const job = (name: string, container?: string): string =>
      object(`Job/${name}`, {
        owner: 'CronJob/nightly',
        rest: `spec: { template: { ${template(container)} } }`,
      }) +
      '---' +
      object(`Pod/${name}-x`, { owner: `Job/${name}`, rest: template(container) });
    const cluster = await watched('by hand', cron);

    await show(cluster, job('mine', HARMLESS), job('theirs', PRIVILEGED), job('yours', HARMLESS));

    expect(await opened(cluster)).toEqual(['created theirs']);
  });

  it.each([
    ['who deleted it', 'while away', [ofKafka('k-good')], ['k-bad'], 'deleted k-bad'],
    ['nobody, where it may be another,', 'both away', [], ['k-bad', 'k-good'], null],
  ])('is %s while nobody looked', async (_title, name, left, gone, expected) => {
    await watched(name, ofKafka('k-good'), ofKafka('k-bad', PRIVILEGED));

    hub.now = new Date(hub.now.getTime() + 60_000);
    const cluster = await hub.cluster(name, KINDS);
    await Promise.all(gone.map((pod) => cluster.remove('Pod', 'ops', pod)));
    if (left.length > 0) await cluster.show(left.join('---'));
    await cluster.flush();

    expect(await resolved(cluster)).toEqual([expected]);
  });
});
