import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FakeApiServer } from '@bulwark/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { writeKubeconfig } from './kubeconfig.testing.ts';
import { dataFolder, eventually, PROGRAM, RunningHub } from './running-hub.testing.ts';

const IN_SHOP = (name: string, labels: object = {}) => ({ name, namespace: 'shop', labels });
const POD = {
  serviceAccountName: 'web',
  hostPID: true,
  containers: [{ name: 'app', image: 'example.com/web:latest', securityContext: { privileged: true } }],
};
const OBJECTS = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { environment: 'production' } } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: IN_SHOP('web') },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: IN_SHOP('web', { criticality: 'crown-jewel' }),
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: POD },
    },
  },
  { apiVersion: 'v1', kind: 'Pod', metadata: IN_SHOP('alone', { app: 'web' }), spec: POD },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: IN_SHOP('web'),
    spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }] },
    status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } },
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'web' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }],
  },
];

/** A pod of which nothing runs any more. */
const ENDED = { ...OBJECTS[3], metadata: IN_SHOP('once'), status: { phase: 'Succeeded' } };

/** Pods that an operator makes itself, whose kinds are not served. */
const OPERATED = ['x:1', 'x:1', 'x:2'].map((image, at) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    ...IN_SHOP(`kafka-${at}`),
    ownerReferences: [
      { apiVersion: 'strimzi.io/v1', kind: 'StrimziPodSet', name: 'kafka', uid: 'u', controller: true },
    ],
  },
  spec: { containers: [{ name: 'kafka', image, securityContext: { privileged: true } }] },
  status: { phase: 'Running' },
}));

interface Ranked {
  readonly control: string;
  readonly points: number;
  readonly lines: readonly { readonly label: string; readonly points: number }[];
  readonly why?: string | null;
  readonly unknown: readonly string[];
}

interface Found {
  readonly fingerprint: string;
  readonly message: string;
  readonly resource: { readonly kind: string; readonly name: string };
}

/** By control, as what has the same points has its own order in each. */
const told = (ranked: readonly Ranked[]) =>
  new Map(
    ranked.map(({ control, points, lines, why = null, unknown }) => [
      control,
      { points, lines, why, unknown },
    ]),
  );

it('a scan of a cluster names and ranks what it finds as the queue of a hub of the same cluster does, line by line', async () => {
  const server = await FakeApiServer.start({ objects: [...OBJECTS, ENDED, ...OPERATED] as never });
  onTestFinished(() => server.stop());
  const folder = dataFolder();
  const kubeconfig = writeKubeconfig(join(folder, 'kubeconfig'), {
    name: 'shop',
    cluster: { server: server.url },
  });
  const hub = await RunningHub.start({ folder, kubeconfig });
  onTestFinished(() => hub.remove());
  await hub.reaches('live');

  const asked = ['scan', '--cluster', '--kubeconfig', kubeconfig, '--no-config', '--fail-on', 'never'];
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, ...asked, '--all', '-f', 'json']);
  const report = JSON.parse(stdout) as {
    readonly ranks: readonly Ranked[];
    readonly findings: readonly Found[];
    readonly summary: { readonly workloads: number };
  };
  const scanned = told(report.ranks);

  expect(scanned.size).toBeGreaterThan(5);
  const labels = [...scanned.values()].flatMap(({ lines }) => lines.map(({ label }) => label));
  expect(labels).toContain('a patch is offered');
  await eventually('the queue says the same', async () => {
    const { items } = await hub.call('getQueue', { query: {} });
    expect(told(items)).toEqual(scanned);
    return true;
  });
  const { items } = await hub.call('listFindings', { query: { limit: 500 } });
  const named = (found: readonly Found[]) =>
    found
      .map(
        ({ fingerprint, message, resource: { kind, name } }) => `${fingerprint} ${kind}/${name} ${message}`,
      )
      .sort();
  expect(named(items)).toEqual(named(report.findings));
  const clusters = await hub.call('listClusters', {});
  expect(clusters.items.map(({ workloads }) => workloads)).toEqual([report.summary.workloads]);
  expect(items.filter(({ resource }) => resource.kind === 'StrimziPodSet').length).toBeGreaterThan(3);
}, 180_000);
