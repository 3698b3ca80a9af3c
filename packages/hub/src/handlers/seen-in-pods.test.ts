import { findingRoutes, inventoryRoutes, type Passport } from '@bulwark/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asking } from './callers.testing.ts';
import { findingHandlers } from './findings.ts';
import { inventoryHandlers } from './inventory.ts';
import { handlerSettings, type TestCluster, TestHub } from './test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const EVENING = new Date('2026-11-26T18:00:00Z');

/** One of the pods of a set of an operator whose kinds are not collected: the same but for what is its own, and a claim of its own. */
const pod = (at: number): string => `
apiVersion: v1
kind: Pod
metadata:
  name: kafka-${at}
  namespace: kaf
  uid: u-${at}
  labels: { team: streams, example.com/pod-name: kafka-${at} }
  ownerReferences: [{ apiVersion: strimzi.io/v1, kind: StrimziPodSet, name: kafka, uid: u-kafka, controller: true }]
spec:
  nodeName: node-${at}
  serviceAccountName: broker
  volumes:
    - { name: data, persistentVolumeClaim: { claimName: data-kafka-${at} } }
    - { name: certs, secret: { secretName: kafka-certs } }
  containers: [{ name: kafka, image: 'example.com/kafka:4', securityContext: { privileged: true } }]
status: { phase: Running, podIP: 10.0.0.${at + 1} }
`;

const POLICY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: two, namespace: kaf }
spec:
  podSelector: { matchExpressions: [{ key: example.com/pod-name, operator: In, values: [kafka-0, kafka-2] }] }
  policyTypes: [Ingress]
`;
/** What the policy is said to do. */
const LIMITED =
  'Network policy two limits what may connect to some of its pods (2 of 3): kafka-0 and kafka-2.';

let hub: TestHub;
let prod: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  prod = await hub.cluster('prod', {
    Namespace: 'live',
    Pod: 'live',
    'networking.k8s.io/NetworkPolicy': 'live',
  });
  const namespace = '{ apiVersion: v1, kind: Namespace, metadata: { name: kaf, uid: u-kaf } }';
  await prod.show([namespace, pod(0), pod(1), pod(2), POLICY].join('\n---\n'));
  await prod.flush();
}, 60_000);

afterAll(() => hub?.stop());

const handlers = () => inventoryHandlers(hub.store);
const listed = (q: string, asOf?: Date) => ({
  params: undefined,
  body: undefined,
  query: { q, limit: 10, ...(asOf && { asOf: asOf.toISOString() }) },
});
const named = (asOf?: Date) => ({
  params: { cluster: prod.id, kind: 'StrimziPodSet.strimzi.io', namespace: 'kaf', name: 'kafka' },
  body: undefined,
  query: { ...(asOf && { asOf: asOf.toISOString() }) },
});

async function passport(asOf?: Date): Promise<Passport> {
  return inventoryRoutes.getWorkload.response.parse(
    await handlers().getWorkload(named(asOf), asking(hub.now)),
  );
}

describe('the pods of an operator whose kinds are not read', () => {
  it('are one workload in lists and counts', async () => {
    const workloads = await handlers().listWorkloads(listed('namespace:kaf'), asking(hub.now));
    const namespaces = await handlers().listNamespaces(listed('kaf'), asking(hub.now));

    expect(workloads.items).toMatchObject([
      {
        resource: { apiVersion: 'strimzi.io/v1', kind: 'StrimziPodSet', namespace: 'kaf', name: 'kafka' },
        ...{ owner: 'streams', images: ['example.com/kafka:4'], serviceAccount: 'broker', pods: 3 },
        nodes: ['node-0', 'node-1', 'node-2'],
        worst: 'critical',
      },
    ]);
    expect(namespaces.items).toMatchObject([{ workloads: 1, pods: 3, possible: 'privileged' }]);
  });

  it('have a passport, which says that it is put together from them', async () => {
    const { seenInPods, containers, podList, secrets, volumes, pss, findings } = await passport();

    expect(seenInPods).toBe('object');
    expect(containers).toMatchObject([{ name: 'kafka', image: 'example.com/kafka:4' }]);
    expect(podList.map(({ name }) => name)).toEqual(['kafka-0', 'kafka-1', 'kafka-2']);
    expect(secrets).toMatchObject([{ name: 'kafka-certs' }]);
    expect(new Set(volumes.map(({ name }) => name))).toEqual(new Set(['data', 'certs']));
    expect(pss.level).toBe('privileged');
    expect(findings.critical).toBe(1);
  });

  it('have a passport, which says which of them a network policy selects', async () => {
    const { reach } = await passport();

    expect(reach).toContain(LIMITED);
    expect(reach).toContain('No network policy limits what it may connect to.');
  });

  it('have an object that says so, too', async () => {
    const answer = await handlers().getResource(named(), asking(hub.now));
    const { seenInPods, yaml } = inventoryRoutes.getResource.response.parse(answer);

    expect(seenInPods).toBe('object');
    expect(yaml).toMatch(/kind: StrimziPodSet.*seenInPods:.*image: example.com\/kafka:4/s);
  });

  it('have findings on it, with the evidence of one of them, and no patch', async () => {
    const settings = handlerSettings(hub);
    const { items } = await findingHandlers(settings).listFindings(
      listed('control:privileged-container'),
      asking(hub.now),
    );
    expect(items).toMatchObject([
      { resource: { kind: 'StrimziPodSet', name: 'kafka' }, fixable: false, owner: 'streams' },
    ]);

    const params = { cluster: prod.id, fingerprint: items[0]?.fingerprint ?? '' };
    const answer = await findingHandlers(settings).getFinding(
      { params, body: undefined, query: {} },
      asking(hub.now),
    );
    const { yaml, fix, message } = findingRoutes.getFinding.response.parse(answer);
    expect(yaml?.text).toContain('kind: Pod');
    expect(yaml?.text.split('\n')[(yaml.line ?? 0) - 1]?.trim()).toBe('privileged: true');
    expect([fix, message]).toEqual([null, 'Container kafka of StrimziPodSet/kafka is privileged.']);
  });

  it('are as they were as of a moment, also when they are gone', async () => {
    hub.now = EVENING;
    for (const at of [0, 1, 2]) await prod.remove('Pod', 'kaf', `kafka-${at}`);
    await prod.flush();

    expect(await passport(NOON)).toMatchObject({
      ...{ seenInPods: 'object', pods: 3 },
      reach: expect.arrayContaining([LIMITED]),
    });
    await expect(passport()).rejects.toMatchObject({ code: 'not-found' });
    expect((await handlers().listWorkloads(listed('namespace:kaf', NOON), asking(hub.now))).total).toBe(1);
    expect((await handlers().listWorkloads(listed('namespace:kaf'), asking(hub.now))).total).toBe(0);
  });
});
