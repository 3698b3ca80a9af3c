import { findingRoutes, inventoryRoutes } from '@bulwark/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asking } from './callers.testing.ts';
import { findingHandlers } from './findings.ts';
import { inventoryHandlers } from './inventory.ts';
import { handlerSettings, type TestCluster, TestHub } from './test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const EVENING = new Date('2026-11-26T18:00:00Z');
const PRIVILEGED = 'control:privileged-container';

interface PodOf {
  readonly name: string;
  readonly controller: string;
  readonly labels?: string;
  readonly privileged: boolean;
  readonly phase?: string;
}

/** One of the pods of an operator, whose kinds are not collected. */
const pod = ({ name, controller, labels = '{}', privileged, phase = 'Running' }: PodOf): string => `
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: bank
  labels: ${labels}
  ownerReferences: [{ apiVersion: postgresql.cnpg.io/v1, kind: Cluster, name: ${controller}, controller: true }]
spec:
  containers: [{ name: app, image: 'example.com/pg:1', securityContext: { privileged: ${String(privileged)} } }]
status: { phase: ${phase} }
`;
const PODS = [
  '{ apiVersion: v1, kind: Namespace, metadata: { name: bank, labels: { environment: production, team: banking } } }',
  pod({ name: 'pg-0', controller: 'pg', labels: '{ team: data }', privileged: true, phase: 'Succeeded' }),
  pod({ name: 'pg-1', controller: 'pg', labels: '{ team: data }', privileged: false }),
  pod({ name: 'pg-2', controller: 'pg', labels: '{ team: data }', privileged: true }),
  pod({ name: 'queue-0', controller: 'queue', privileged: true }),
].join('\n---\n');

let hub: TestHub;
let prod: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  prod = await hub.cluster('prod', { Namespace: 'live', Pod: 'live' });
  await prod.show(PODS);
}, 60_000);

afterAll(() => hub?.stop());

/** The finding about what stands for the pods of a controller, as the panel has it. */
async function detail(name: string, asOf?: Date) {
  const at = asOf && { asOf: asOf.toISOString() };
  const q = `${PRIVILEGED} name:"${name}"`;
  const asked = { params: undefined, body: undefined, query: { q, limit: 10, ...at } };
  const { items } = findingRoutes.listFindings.response.parse(
    await findingHandlers(handlerSettings(hub)).listFindings(asked, asking(hub.now)),
  );
  const { fingerprint = '' } = items.find(({ resource }) => resource.name === name) ?? {};
  const params = { cluster: prod.id, fingerprint };
  const answer = await findingHandlers(handlerSettings(hub)).getFinding(
    { params, body: undefined, query: { ...at } },
    asking(hub.now),
  );
  return findingRoutes.getFinding.response.parse(answer);
}

const lineOf = ({ yaml }: Awaited<ReturnType<typeof detail>>): string | undefined =>
  yaml?.text.split('\n')[(yaml.line ?? 0) - 1]?.trim();

describe('a finding about the pods of a controller that is not collected', () => {
  it('shows the one that runs and shows it, at its line', async () => {
    const { yaml, ...finding } = await detail('pg');

    expect(yaml?.text).toContain('name: pg-2');
    expect(lineOf({ ...finding, yaml })).toBe('privileged: true');
  });

  it('has no fix, as what makes them is not seen', async () => {
    expect((await detail('pg')).fix).toBeNull();
  });

  it('shows them as they were at a moment, also when they are gone', async () => {
    hub.now = EVENING;
    await prod.remove('Pod', 'bank', 'pg-2');

    const { yaml } = await detail('pg', NOON);

    expect(yaml?.text).toContain('name: pg-2');
  });
});

describe('the pods of a controller that is not collected', () => {
  it('have the owner that they say, else that of their namespace, as their findings have', async () => {
    const asked = { params: undefined, body: undefined, query: { q: 'kind:Pod', limit: 10 } };
    const answer = await inventoryHandlers(hub.store).listResources(asked, asking(hub.now));
    const { items } = inventoryRoutes.listResources.response.parse(answer);

    expect(Object.fromEntries(items.map(({ resource, owner }) => [resource.name, owner]))).toMatchObject({
      'pg-0': 'data',
      'pg-1': 'data',
      'queue-0': 'banking',
    });
    expect((await detail('queue')).owner).toBe('banking');
  });
});
