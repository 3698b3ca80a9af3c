import { scopeOf } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { passportOf } from '../handlers/passport.ts';
import { type TestCluster, TestHub } from '../handlers/test-cluster.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const KINDS = Object.fromEntries(
  ['Namespace', 'Pod', 'Service', 'apps/StatefulSet', 'discovery.k8s.io/EndpointSlice'].map((kind) => [
    kind,
    'live' as const,
  ]),
);

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(NOW);
}, 60_000);

afterAll(() => hub?.stop());

const TEMPLATE = 'containers: [{ name: pg, image: "pg:1" }]';
const STATEFUL_SET = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: pg, namespace: db, uid: u-pg }
spec: { template: { metadata: { labels: { app: pg } }, spec: { ${TEMPLATE} } } }
`;
const pod = (name: string, ip: string, role: string): string => `
apiVersion: v1
kind: Pod
metadata:
  { name: ${name}, namespace: db, uid: u-${name}, labels: { app: pg, role: ${role} }, ownerReferences: [{ apiVersion: apps/v1, kind: StatefulSet, name: pg, uid: u-pg, controller: true }] }
spec: { nodeName: node-1, ${TEMPLATE} }
status: { phase: Running, podIP: ${ip}, podIPs: [{ ip: ${ip} }] }
`;
const PODS = [
  pod('pg-0', '10.128.0.10', 'master'),
  pod('pg-1', '10.128.0.11', 'replica'),
  pod('pg-2', '10.128.0.12', 'replica'),
];
const service = (spec = '', namespace = 'db'): string => `
apiVersion: v1
kind: Service
metadata: { name: leader, namespace: ${namespace}, uid: u-leader-${namespace} }
spec: { type: LoadBalancer, ports: [{ port: 5432 }]${spec} }
status: { loadBalancer: { ingress: [{ ip: 203.0.113.77 }] } }
`;
const slice = (address: string, { namespace = 'db', state = '1' } = {}): string => `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: leader-1, namespace: ${namespace}, uid: u-slice-${namespace}, labels: { kubernetes.io/service-name: leader }, annotations: { renewTime: "${state}" } }
addressType: IPv4
ports: [{ port: 5432 }]
endpoints: [{ addresses: [${address}], conditions: { ready: true } }]
`;

const BALANCED =
  'leads to it from outside the cluster on port 5432, through a load balancer at 203.0.113.77.';

async function watched(name: string, ...objects: readonly string[]): Promise<TestCluster> {
  const cluster = await hub.cluster(name, KINDS);
  await show(cluster, STATEFUL_SET, ...PODS, ...objects);
  return cluster;
}

async function show(cluster: TestCluster, ...objects: readonly string[]): Promise<void> {
  await cluster.show(objects.join('---'));
  await cluster.flush();
}

/** Which Services lead to the workload, as its passport says it, and who reaches it, as the queue does. */
async function told({ id }: TestCluster) {
  const key = {
    cluster: id,
    kind: 'apps/StatefulSet',
    namespace: 'db',
    name: 'pg',
    asOf: undefined,
    now: NOW,
  };
  const limits = { clusters: 'all', namespaces: 'all' } as const;
  const { reach } = await passportOf(hub.store, scopeOf(limits), { ...key, limits });
  const { rows } = await hub.store.pool.query<{ reach: string }>(
    `select reach from workload_risk where cluster_id = $1 and name = 'pg'`,
    [id],
  );
  return { services: reach.filter((sentence) => sentence.includes('Service')), reach: rows[0]?.reach };
}

describe('a Service without a selector', () => {
  it('leads to the pods at the addresses of its EndpointSlices, wherever these go', async () => {
    const cluster = await watched('hand', service(), slice('10.128.0.10'));

    expect(await told(cluster)).toEqual({
      services: [`Service leader ${BALANCED} That is so for some of its pods (1 of 3): pg-0.`],
      reach: 'internet',
    });

    await show(cluster, slice('10.128.0.12'));
    expect((await told(cluster)).services).toEqual([
      `Service leader ${BALANCED} That is so for some of its pods (1 of 3): pg-2.`,
    ]);

    await show(cluster, slice('192.0.2.1'));
    expect(await told(cluster)).toEqual({ services: ['No Service leads to it.'], reach: 'cluster' });

    await show(cluster, pod('pg-1', '192.0.2.1', 'replica'));
    expect(await told(cluster)).toEqual({
      services: [`Service leader ${BALANCED} That is so for some of its pods (1 of 3): pg-1.`],
      reach: 'internet',
    });

    await cluster.remove('Pod', 'db', 'pg-1');
    await cluster.flush();
    expect((await told(cluster)).reach).toBe('cluster');
  });

  it('leads to pods of another namespace, too', async () => {
    const cluster = await watched(
      'elsewhere',
      service('', 'web'),
      slice('10.128.0.10', { namespace: 'web' }),
    );

    expect(await told(cluster)).toEqual({
      services: [
        `Service leader of namespace web ${BALANCED} That is so for some of its pods (1 of 3): pg-0.`,
      ],
      reach: 'internet',
    });
  });

  it('is said to lead nobody knows where, where nothing that is known says it', async () => {
    expect((await told(await watched('untold', service()))).services).toEqual([
      'Where Service leader leads is not known: it has no selector, and no EndpointSlice that is known names what is behind it.',
    ]);
  });

  it('has no change in its endpoints where a leader does no more than say that it is one', async () => {
    const cluster = await watched('heartbeat', service(), slice('10.128.0.10'));
    const changes = async () => {
      const { rows } = await hub.store.pool.query(
        `select verb from change where cluster_id = $1 and kind like '%EndpointSlice'`,
        [cluster.id],
      );
      return rows.length;
    };
    const before = await changes();
    await show(cluster, slice('10.128.0.10', { state: '2' }));
    expect(await changes()).toBe(before);

    await show(cluster, slice('10.128.0.11', { state: '3' }));
    expect(await changes()).toBe(before + 1);
  });
});

it('a Service leads to a workload by a label that its pods alone have', async () => {
  expect(await told(await watched('labelled', service(', selector: { role: master }')))).toEqual({
    services: [`Service leader ${BALANCED} That is so for some of its pods (1 of 3): pg-0.`],
    reach: 'internet',
  });
});
