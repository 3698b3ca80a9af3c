import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestCluster, TestHub } from '../handlers/test-cluster.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date('2026-11-26T10:00:00Z'));
}, 60_000);

afterAll(() => hub?.stop());

const GROUP = 'rbac.authorization.k8s.io';
const KINDS = Object.fromEntries(
  [
    ...['Namespace', 'Pod', 'ServiceAccount', 'apps/Deployment'],
    ...['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'].map((kind) => `${GROUP}/${kind}`),
  ].map((kind) => [kind, 'live' as const]),
);
const NAMESPACE = '{ apiVersion: v1, kind: Namespace, metadata: { name: ops } }\n';
const ALL = '{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }';

function web(image: string, account = 'web'): string {
  const spec = `{ serviceAccountName: ${account}, containers: [{ name: app, image: "${image}" }] }`;
  return `{ apiVersion: apps/v1, kind: Deployment, metadata: { name: web, namespace: ops, uid: u-web }, spec: { template: { spec: ${spec} } } }\n`;
}

function account(more = ''): string {
  return `{ apiVersion: v1, kind: ServiceAccount, metadata: { name: web, namespace: ops, uid: u-account }${more} }\n`;
}

function role(name: string, rest: string, labels = ''): string {
  return `{ apiVersion: ${GROUP}/v1, kind: ClusterRole, metadata: { name: ${name}, uid: u-${name}, labels: {${labels}} }, ${rest} }\n`;
}

function binding(toRole: string, ...accounts: readonly string[]): string {
  const subjects = accounts.map((name) => `{ kind: ServiceAccount, name: ${name}, namespace: ops }`);
  return `{ apiVersion: ${GROUP}/v1, kind: ClusterRoleBinding, metadata: { name: bound, uid: u-bound }, roleRef: { kind: ClusterRole, name: ${toRole} }, subjects: [${subjects.join(', ')}] }\n`;
}

async function watched(name: string, ...objects: readonly string[]): Promise<TestCluster> {
  const cluster = await hub.cluster(name, KINDS);
  await cluster.show([NAMESPACE, ...objects].join('---\n'));
  await cluster.flush();
  return cluster;
}

/** Shows objects, all of which come at once, and with them some go. */
async function show(
  cluster: TestCluster,
  objects: readonly string[],
  gone: readonly string[] = [],
): Promise<void> {
  hub.now = new Date(hub.now.getTime() + 60_000);
  await cluster.show(objects.join('---\n'));
  for (const kind of gone) await cluster.remove(`${GROUP}/${kind}`, '', 'bound');
  await cluster.flush();
}

/** The changes that opened the takeover by the Deployment, or ended it. */
async function behind(cluster: TestCluster, table: 'finding' | 'finding_past' = 'finding') {
  const id = table === 'finding' ? 'change_id' : 'resolved_by';
  const found = await cluster.rows<{ change: string | null }>(
    `select (select concat_ws(' ', verb, name) from change c where c.cluster_id = f.cluster_id and c.id = f.${id}) as change
     from ${table} f where cluster_id = $1 and control = 'workload-cluster-takeover'`,
  );
  return found.map(({ change }) => change);
}

describe('behind what a workload may do by its account', () => {
  it('is who made the binding, and who deletes it, also where it binds others and the workload changes at once', async () => {
    const cluster = await watched('two subjects', web('x:1'), account());

    await show(cluster, [web('x:2'), binding('cluster-admin', 'web', 'other')]);
    expect(await behind(cluster)).toEqual(['created bound']);

    await show(cluster, [web('x:3')], ['ClusterRoleBinding']);
    expect(await behind(cluster, 'finding_past')).toEqual(['deleted bound']);
  });

  it('is who made the binding while nobody looked, though somebody changed the workload', async () => {
    await watched('away', web('x:1'), account());

    hub.now = new Date(hub.now.getTime() + 60_000);
    const cluster = await hub.cluster('away', KINDS);
    await cluster.show(
      [NAMESPACE, web('x:2'), account(), binding('cluster-admin', 'web', 'other')].join('---\n'),
    );
    await cluster.flush();

    expect(await behind(cluster)).toEqual(['created bound']);
  });

  it('is who changes the role, where the workload changes at once but not its account', async () => {
    const weak = role('own', `rules: [{ apiGroups: [""], resources: [pods], verbs: [get] }]`);
    const cluster = await watched('role', web('x:1'), account(), weak, binding('own', 'web', 'other'));

    await show(cluster, [web('x:2'), role('own', `rules: [${ALL}]`)]);
    expect(await behind(cluster)).toEqual(['changed own']);

    await show(cluster, [web('x:2', 'none'), role('own', `rules: [${ALL}]`, 'a: b')]);
    expect(await behind(cluster, 'finding_past')).toEqual(['changed web']);
  });

  it('is who switches the token of the account on', async () => {
    const off = ', automountServiceAccountToken: false';
    const cluster = await watched('token', web('x:1'), account(off), binding('cluster-admin', 'web'));

    await show(cluster, [web('x:2'), account()]);

    expect(
      await cluster.rows(`select opened from change where cluster_id = $1 and kind = 'ServiceAccount'`),
    ).toEqual([{ opened: 1 }]);
  });

  it.each([
    ['one account', 'alone', ['web']],
    ['several', 'several', ['web', 'other']],
  ])(
    'is whose role is aggregated, and not the controller that writes it, of %s',
    async (_what, name, accounts) => {
      const aggregation = 'aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: sum } }] }';
      const sum = (rules: string): string => role('sum', `${aggregation}, rules: [${rules}]`);
      const cluster = await watched(
        name,
        ...[web('x:1'), account(), sum(''), binding('sum', ...accounts)],
        role('part', `rules: [${ALL}]`),
        role('harmless', 'rules: [{ apiGroups: [""], resources: [pods], verbs: [get] }]', 'to: sum'),
      );
      const harmless = role(
        'harmless',
        'rules: [{ apiGroups: [""], resources: [pods], verbs: [list] }]',
        'to: sum',
      );

      await show(cluster, [harmless, role('part', `rules: [${ALL}]`, 'to: sum'), sum(ALL)]);
      expect(await behind(cluster)).toEqual(['changed part']);

      await show(cluster, [role('part', `rules: [${ALL}]`), sum('')]);
      expect(await behind(cluster, 'finding_past')).toEqual(['changed part']);
    },
  );
});
