import { decisionRoutes, findingRoutes, inventoryRoutes } from '@bulwark/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asking } from './callers.testing.ts';
import { decisionHandlers } from './decisions.ts';
import { findingHandlers } from './findings.ts';
import { inventoryHandlers } from './inventory.ts';
import { handlerSettings, type TestCluster, TestHub } from './test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const EVENING = new Date('2026-11-26T18:00:00Z');

const POSTGRES = 'Cluster.postgresql.cnpg.io';
const CAPI = 'Cluster.cluster.x-k8s.io';

/** A pod of a controller called `tw` of a kind that is not collected. */
const pod = (name: string, group: string, spec: string): string => `
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: ops
  uid: ${name}
  ownerReferences: [{ apiVersion: ${group}/v1, kind: Cluster, name: tw, uid: u-${name}, controller: true }]
spec: { containers: [{ name: app, image: 'a:1' }], ${spec} }
`;

let hub: TestHub;
let prod: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  prod = await hub.cluster('prod', { Namespace: 'live', Node: 'live', Pod: 'live', Service: 'live' });
  await prod.show(
    [
      '{ apiVersion: v1, kind: Namespace, metadata: { name: ops, uid: ops, labels: { pod-security.kubernetes.io/enforce: baseline } } }',
      pod('tw-postgresql', 'postgresql.cnpg.io', 'hostPID: true'),
      pod('tw-cluster', 'cluster.x-k8s.io', 'hostPID: true, hostNetwork: true, hostIPC: true').replace(
        'uid: tw-cluster',
        'uid: tw-cluster\n  annotations: { bulwark.dev/except.host-pid: it is mended }',
      ),
      '{ apiVersion: v1, kind: Node, metadata: { name: worker, uid: worker } }',
      pod('worker-0', 'management.cattle.io', 'hostPID: true').replace(
        'kind: Cluster, name: tw',
        'kind: Node, name: worker',
      ),
      '{ apiVersion: v1, kind: Pod, metadata: { name: lone, namespace: ops, uid: lone }, spec: { containers: [{ name: app, image: "a:1" }] } }',
    ].join('\n---\n'),
  );
  await prod.flush();
}, 60_000);

afterAll(() => hub?.stop());

const asked = <Q extends object>(query: Q) => ({ params: undefined, body: undefined, query });
const when = (asOf?: Date) => (asOf === undefined ? {} : { asOf: asOf.toISOString() });
const inventory = () => inventoryHandlers(hub.store);
const findings = () => findingHandlers(handlerSettings(hub));

async function foundBy(q: string, asOf?: Date): Promise<readonly string[]> {
  const page = await findings().listFindings(asked({ q, limit: 100, ...when(asOf) }), asking(hub.now));
  return page.items.map(({ resource }) => `${resource.kind} ${resource.apiVersion}`);
}

async function passport(kind: string, asOf?: Date) {
  const params = { cluster: prod.id, kind, namespace: 'ops', name: 'tw' };
  const request = { params, body: undefined, query: when(asOf) };
  return inventoryRoutes.getWorkload.response.parse(await inventory().getWorkload(request, asking(hub.now)));
}

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);

describe('two workloads of one kind and name, of different API groups', () => {
  it('have passports, each with a name for its kind that finds what it counts', async () => {
    for (const kind of [POSTGRES, CAPI]) {
      const { kindInQueries, findings: counts } = await passport(kind);
      const found = await foundBy(`namespace:ops kind:${kindInQueries} name:tw`);

      expect(kindInQueries).toBe(kind);
      expect(new Set(found)).toEqual(new Set([`Cluster ${kind.slice('Cluster.'.length)}/v1`]));
      expect(found.length).toBe(sum(counts));
    }
    expect(sum((await passport(CAPI)).findings)).not.toBe(sum((await passport(POSTGRES)).findings));
  });

  it('are both found by the name of their kind alone', async () => {
    const { items } = await inventory().listWorkloads(
      asked({ q: 'kind:Cluster name:tw', limit: 9 }),
      asking(hub.now),
    );

    expect(items).toHaveLength(2);
    expect(await foundBy('kind:cluster')).toHaveLength(
      sum((await passport(CAPI)).findings) + sum((await passport(POSTGRES)).findings),
    );
  });

  it('are two groups by workload, told apart, each with a query that finds its findings', async () => {
    const page = await findings().groupFindings(
      asked({ by: 'workload' as const, q: 'name:tw', limit: 9 }),
      asking(hub.now),
    );
    const { items } = findingRoutes.groupFindings.response.parse(page);

    expect(items.map(({ title }) => title)).toEqual([`ops / ${CAPI} tw`, `ops / ${POSTGRES} tw`]);
    for (const { query, findings: count, objects } of items)
      expect([(await foundBy(query ?? '')).length, objects]).toEqual([count, 1]);
  });

  it('are objects whose page has the same name for their kind, of which others need none', async () => {
    const kindOf = async (kind: string, name: string) => {
      const params = { cluster: prod.id, kind, namespace: 'ops', name };
      const answer = await inventory().getResource({ params, body: undefined, query: {} }, asking(hub.now));
      return inventoryRoutes.getResource.response.parse(answer).kindInQueries;
    };

    expect(await kindOf(CAPI, 'tw')).toBe(CAPI);
    expect([await kindOf('Pod', 'lone'), await kindOf('Pod.', 'lone')]).toEqual(['Pod', 'Pod']);
  });

  it('are told apart by what is refused in a namespace, and a node by its own line', async () => {
    const [namespace] = (await inventory().listNamespaces(asked({ limit: 9 }), asking(hub.now))).items;
    const [node] = (await inventory().listNodes(asked({ limit: 9 }), asking(hub.now))).items;
    const refused = namespace?.refused.map(({ kindInQueries, name }) => `${kindInQueries} ${name}`).sort();

    expect(refused).toEqual([`${CAPI} tw`, `${POSTGRES} tw`, 'Node.management.cattle.io worker']);
    expect([node?.name, node?.kindInQueries]).toEqual(['worker', 'Node.']);
    expect(await foundBy('kind:Node.management.cattle.io name:worker')).not.toEqual([]);
  });

  it('are told apart by what their annotations ask for', async () => {
    const rules = {
      store: hub.store,
      controls: handlerSettings(hub).controls,
      approvalFrom: 'high',
    } as const;
    const query = decisionRoutes.listExceptions.query.parse({});
    const { items } = await decisionHandlers(rules).listExceptions(
      { params: undefined, query, body: undefined },
      asking(hub.now),
    );

    expect(items).toMatchObject([
      { scope: { kinds: [CAPI], names: ['tw'] }, request: { resource: { kind: 'Cluster' } } },
    ]);
    expect(await foundBy(items[0]?.request?.findings ?? '')).toEqual(['Cluster cluster.x-k8s.io/v1']);
  });

  it('are told apart as of a moment at which both were there, when they are gone', async () => {
    hub.now = EVENING;
    for (const name of ['tw-postgresql', 'tw-cluster']) await prod.remove('Pod', 'ops', name);
    await prod.flush();
    const { kindInQueries, findings: counts } = await passport(POSTGRES, NOON);

    expect(kindInQueries).toBe(POSTGRES);
    expect(await foundBy(`namespace:ops kind:${kindInQueries} name:tw`, NOON)).toHaveLength(sum(counts));
  });
});
