import { CONTROLS } from '@bulwark/controls';
import { scopeOf } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { KeptAnswers } from './kept-answers.ts';
import { queueHandlers } from './queue.ts';
import { TestHub } from './test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const WORLD = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, labels: { environment: production } }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      serviceAccountName: web
      containers: [{ name: app, image: "example.com/web:1", securityContext: { privileged: true } }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: batch, namespace: shop, labels: { environment: production } }
spec:
  selector: { matchLabels: { app: batch } }
  template:
    metadata: { labels: { app: batch } }
    spec:
      containers: [{ name: app, image: "example.com/batch:1", securityContext: { privileged: true } }]
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 80 }] }
status: { loadBalancer: { ingress: [{ ip: 203.0.113.4 }] } }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: web-admin }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }]
`;

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  const prod = await hub.cluster('prod', { Pod: 'live' });
  await prod.show(WORLD);
}, 60_000);

afterAll(() => hub?.stop());

async function itemOf(control: string, namespaces: 'all' | readonly string[]) {
  const caller = { user: 'ann', limits: scopeOf({ clusters: 'all', namespaces }) } as unknown as Caller;
  const handlers = queueHandlers({
    store: hub.store,
    controls: new Map(CONTROLS.map((each) => [each.id, each])),
    answers: new KeptAnswers(hub.store),
  });
  const context = { caller, now: NOON } as unknown as Parameters<typeof handlers.getQueue>[1];
  const { items } = await handlers.getQueue(
    { query: {} } as Parameters<typeof handlers.getQueue>[0],
    context,
  );
  const found = items.find((item) => item.control === control);
  if (found === undefined) throw new Error(`nothing of ${control} is in the queue`);
  return found;
}

describe('the queue', () => {
  it('says why first, with the objects that decide it, and what nobody says', async () => {
    const item = await itemOf('privileged-container', 'all');

    expect(item.why).toBe(
      'Deployment shop/web is open to the Internet by Service web, a load balancer at 203.0.113.4; it can take its node: container app is privileged; it can take the cluster: service account web may do everything.',
    );
    expect(item.exposed).toBe(1);
    expect(item.riskiest?.resource).toEqual({
      kind: 'Deployment',
      group: 'apps',
      namespace: 'shop',
      name: 'web',
    });
    expect(item.riskiest?.reasons.map(({ objects }) => objects)).toEqual([
      ['Service shop/web'],
      [],
      ['ClusterRoleBinding web-admin'],
    ]);
    expect(item.points).toBe(item.lines.reduce((sum, { points }) => sum + points, 0));
    expect(item.unknown).toEqual(['Nothing says how much depends on them.']);
  });

  it('gives what is wrong with the workload that decides the rank as the example, not with the first by name', async () => {
    const item = await itemOf('privileged-container', 'all');

    expect(item.objects).toBe(2);
    expect(item.why).toContain('shop/web');
    expect(item.reason).toBe('Container app of Deployment/web is privileged.');
  });

  it('says the next action in one sentence, and all of it beside', async () => {
    const item = await itemOf('privileged-container', 'all');

    expect(item.action).toMatch(/^[^.]+\.$/);
    expect(item.next.startsWith(item.action)).toBe(true);
    expect(item.next.length).toBeGreaterThan(item.action.length);
  });

  it('does not tell who sees some namespaces only what gives rights in the whole cluster', async () => {
    const item = await itemOf('privileged-container', ['shop']);

    expect(item.why).toContain('it reaches further by its service account');
    expect(JSON.stringify(item)).not.toContain('web-admin');
    expect(JSON.stringify(item)).not.toContain('may do everything');
  });
});
