import { rankFindings } from '@bulwark/analyses';
import { CONTROLS } from '@bulwark/controls';
import {
  FINDING_FIELDS,
  groupFindings,
  type JsonObject,
  Judge,
  Plan,
  toResource,
  World,
} from '@bulwark/core';
import { listFindings, scopeOf, triage } from '@bulwark/store';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { KeptAnswers } from './kept-answers.ts';
import { queryOf } from './list-request.ts';
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
      containers:
        - name: app
          image: "example.com/web:1"
          securityContext: { privileged: true }
          envFrom: [{ secretRef: { name: database } }]
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
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: shared-admin }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects:
  - { kind: ServiceAccount, name: one, namespace: shop }
  - { kind: ServiceAccount, name: two, namespace: shop }
`;

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  const prod = await hub.cluster('prod', { Pod: 'live' });
  await prod.show(WORLD);
}, 60_000);

afterAll(() => hub?.stop());

type Asked = Partial<Parameters<ReturnType<typeof queueHandlers>['getQueue']>[0]['query']>;

async function itemsOf(namespaces: 'all' | readonly string[], query: Asked = {}) {
  // A token: what is assigned is assigned to the person behind it.
  const caller = {
    user: 'token laptop',
    person: 'ann',
    scope: scopeOf({ clusters: 'all', namespaces }),
  } as unknown as Caller;
  const handlers = queueHandlers({
    store: hub.store,
    controls: new Map(CONTROLS.map((each) => [each.id, each])),
    answers: new KeptAnswers(hub.store),
  });
  const context = { caller, now: NOON } as unknown as Parameters<typeof handlers.getQueue>[1];
  const { items } = await handlers.getQueue({ query } as Parameters<typeof handlers.getQueue>[0], context);
  return items;
}

async function itemOf(control: string, namespaces: 'all' | readonly string[]) {
  const items = await itemsOf(namespaces);
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
      [],
      ['Secret shop/database'],
    ]);
    expect(item.riskiest?.reasons.slice(3).map(({ text }) => text)).toEqual([
      'may reach the cloud metadata of its node at 169.254.169.254: no network policy limits where they connect to',
      'holds 1 Secret',
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

  const TAKEOVER = 'workload-cluster-takeover';
  const BINDING = 'cluster-admin-binding';
  const idsOf = async (query: Asked, namespaces: 'all' | readonly string[] = 'all') =>
    (await itemsOf(namespaces, query)).map(({ id }) => id).filter((id) => [TAKEOVER, BINDING].includes(id));

  it('has one item for what can take the cluster and the binding that lets it', async () => {
    const item = await itemOf(TAKEOVER, 'all');

    expect(await idsOf({ q: '-name:shared-admin' })).toEqual([TAKEOVER]);
    expect(item.causes).toEqual([
      {
        control: BINDING,
        title: 'Service accounts must not be cluster administrators',
        findings: 1,
        assignees: [],
        objects: ['ClusterRoleBinding web-admin'],
        query: `control:${BINDING} kind:ClusterRoleBinding namespace:none name:web-admin`,
      },
    ]);
    expect(item.reach).toContain(`The same change resolves 1 finding of ${BINDING}.`);
  });

  it('has no item for what a finding of the same container says better, and says which those are', async () => {
    const item = await itemOf('privileged-container', 'all');
    const ids = (await itemsOf('all')).map(({ id }) => id);

    expect(item.told.map(({ control, findings }) => [control, findings])).toContainEqual([
      'allow-privilege-escalation',
      2,
    ]);
    expect(item.told.map(({ control }) => control).filter((id) => ids.includes(id))).toEqual([]);
    expect(item.reach).toMatch(/ It also stands for \d+ findings of \d+ other controls\.$/);
  });

  it('has what is told alone where it is asked for by its control, so that it does not vanish', async () => {
    const [item, ...others] = await itemsOf('all', { q: 'control:allow-privilege-escalation' });

    expect(others).toEqual([]);
    expect([item?.findings, item?.elsewhere]).toEqual([2, 0]);
  });

  it('keeps the item of the cause where others have to lose the right too', async () => {
    expect(await idsOf({ q: 'name:shared-admin' })).toEqual([BINDING]);
  });

  it.each([
    ['is asked for by its control', { q: `control:${BINDING}` }],
    ['is asked for by its kind', { q: 'kind:ClusterRoleBinding' }],
  ])('has the cause alone where it %s, so that it does not vanish', async (_how, query) => {
    expect(await idsOf(query)).toEqual([BINDING]);
  });

  it('names who works on the cause, and has it in the list of that person', async () => {
    const { items } = await listFindings(hub.store, scopeOf({ clusters: 'all', namespaces: 'all' }), {
      query: queryOf(`control:${BINDING} name:web-admin`, FINDING_FIELDS),
      now: NOON,
      limit: 10,
    });
    const keys = items.map(({ clusterId: cluster, fingerprint }) => ({ cluster, fingerprint }));
    const author = { author: 'bob', at: NOON };
    await triage(hub.store, keys, { assignee: 'ann', ...author });
    try {
      const { assignees, causes, reach } = await itemOf(TAKEOVER, 'all');
      expect([assignees, causes[0]?.assignees]).toEqual([[], ['ann']]);
      expect(reach).toContain(`The same change resolves 1 finding of ${BINDING}, with ann on it.`);
      expect(await idsOf({ mine: true })).toEqual([BINDING]);
      expect(await idsOf({ q: `control:${TAKEOVER} OR name:nothing`, mine: true })).toEqual([]);
    } finally {
      await triage(hub.store, keys, { assignee: null, ...author });
    }
  });

  it('gives a root cause the points and the lines that a scan of the same objects gives it', async () => {
    const resources = (loadAll(WORLD) as JsonObject[]).map((object) =>
      toResource(object, { kind: 'cluster', cluster: 'prod', resourceVersion: '' }),
    );
    const controls = CONTROLS.filter(({ profile }) => profile !== 'opt-in');
    const { world } = World.of(resources);
    const judge = new Judge(world, new Plan(controls), { minor: 34, text: '1.34' });
    const findings = judge.findings();
    const groups = groupFindings(findings, controls, rankFindings(findings, controls, world));
    const items = new Map((await itemsOf('all')).map((item) => [item.id, item]));

    expect(groups.length).toBeGreaterThan(10);
    expect([...items.keys()]).toEqual(groups.map(({ control }) => control.id));
    expect([...items.values()].map((item) => item.findings)).toEqual(
      groups.map((each) => each.findings.length),
    );
    for (const { control, rank } of groups) {
      const { points, lines, why, unknown } = items.get(control.id) ?? {};
      expect({ points, lines, why, unknown }).toEqual({ ...rank, why: rank?.why ?? null });
    }
  });
});
