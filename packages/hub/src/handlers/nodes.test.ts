import { inventoryRoutes } from '@bulwark/api';
import { type Scope, scopeOf } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeItems } from './nodes.ts';
import { TestHub } from './test-cluster.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const NOON = new Date('2026-11-26T12:00:00Z');
const ONE = new Date('2026-11-26T13:00:00Z');

function node(name: string, info: Readonly<Record<string, string>>): string {
  const lines = Object.entries(info).map(([field, value]) => `    ${field}: ${value}`);
  return [
    'apiVersion: v1',
    'kind: Node',
    `metadata: { name: ${name}, labels: { node-role.kubernetes.io/edge: "" } }`,
    'spec: { taints: [{ key: edge, effect: NoSchedule }] }',
    'status:',
    '  addresses: [{ type: InternalIP, address: 10.0.0.1 }]',
    '  nodeInfo:',
    ...lines,
  ].join('\n');
}

const NEW = {
  kubeletVersion: 'v1.35.1',
  containerRuntimeVersion: 'containerd://2.3.0',
  osImage: 'Bottlerocket OS 1.50',
};
const OLD = {
  kubeletVersion: 'v1.30.4',
  containerRuntimeVersion: 'containerd://1.6.8',
  osImage: 'Ubuntu 20.04.6 LTS',
  kernelVersion: '5.15.0',
};
const POD = (namespace: string, name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { nodeName: old, containers: [{ name: a, image: x }] }`;

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  const prod = await hub.cluster('prod', { Node: 'live', Pod: 'live' });
  await prod.show([node('new', NEW), node('old', OLD), POD('shop', 'a')].join('\n---\n'));
  hub.now = ONE;
  await prod.show(POD('pay', 'b'));
}, 60_000);

afterAll(() => hub?.stop());

async function list(query: Parameters<typeof nodeItems>[2], scope: Scope = ALL) {
  return inventoryRoutes.listNodes.response.parse(await nodeItems(hub.store, scope, query, ONE)).items;
}

describe('the list of nodes', () => {
  it('says what runs on each, and what is wrong with it', async () => {
    const [fresh, old] = await list({ sort: 'name' });

    expect(fresh).toMatchObject({
      name: 'new',
      endOfLife: '2027-02-28',
      runtimeEndOfLife: null,
      osEndOfLife: null,
      pods: 0,
    });
    expect(old).toMatchObject({
      name: 'old',
      kubelet: 'v1.30.4',
      runtime: 'containerd://1.6.8',
      os: 'Ubuntu 20.04.6 LTS',
      kernel: '5.15.0',
      addresses: ['10.0.0.1'],
      roles: ['edge'],
      taints: ['edge:NoSchedule'],
      pods: 2,
      endOfLife: '2025-07-15',
    });
    expect(old?.problems).toContain('containerd 1.6 is out of support since 2025-08-23.');
  });

  it('knows the pods of a moment, and not how far behind an API server of the past a node was', async () => {
    const [, old] = await list({ sort: 'name', asOf: NOON.toISOString() });

    expect(old).toMatchObject({ pods: 1, skew: null });
  });
});
