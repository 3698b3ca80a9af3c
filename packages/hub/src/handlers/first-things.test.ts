import { FINDING_FIELDS, queryForValues } from '@bulwark/core';
import { listFindings, scopeOf, triage } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asking } from './callers.testing.ts';
import { queryOf } from './list-request.ts';
import { queueHandlers } from './queue.ts';
import { teamHandlers } from './teams.ts';
import { handlerSettings, TestHub } from './test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const TONIGHT = new Date('2026-11-26T20:00:00Z');

const deployment = (name: string, labels: string, container: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: pay, labels: ${labels} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { serviceAccountName: ${name}, containers: [{ name: app, image: 'example.com/${name}:1', ${container} }] }
`;
const WORLD = [
  deployment('vault', '{ team: payments }', 'securityContext: { privileged: true }'),
  deployment('ledger', '{ team: payments, environment: production }', ''),
  deployment('stray', '{}', 'securityContext: { privileged: true }'),
  `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: vault-admin, labels: { team: platform } }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: vault, namespace: pay }]
`,
].join('---');

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  const prod = await hub.cluster('prod', { Pod: 'live' });
  await prod.show(WORLD);
}, 60_000);

afterAll(() => hub?.stop());

function answer(now = NOON) {
  const request = { params: undefined, query: {}, body: undefined };
  return teamHandlers(handlerSettings(hub)).listTeams(request, asking(now));
}

async function teams() {
  return (await answer()).items;
}

async function queueOf(q: string) {
  const { items } = await queueHandlers(handlerSettings(hub)).getQueue(
    { params: undefined, query: { q, limit: 100 }, body: undefined },
    asking(NOON),
  );
  return items;
}

async function expectFirstOfQueue(): Promise<void> {
  for (const { owner, top } of await teams()) {
    const rows = (await queueOf(queryForValues({ owner }))).slice(0, 5);
    expect(top, `${owner}`).toEqual(
      rows.map(({ control, title, severity, findings, oldest }) => ({
        control,
        title,
        severity,
        findings,
        oldest,
      })),
    );
  }
}

describe('the first things of an owner', () => {
  it('are the first rows of the queue of what is theirs, without what others tell', async () => {
    const owners = (await teams()).map(({ owner }) => owner);

    expect(new Set(owners)).toEqual(new Set([null, 'payments', 'platform']));
    await expectFirstOfQueue();
  });

  it('keep what is theirs where somebody else has the finding that tells it', async () => {
    const platform = (await teams()).find(({ owner }) => owner === 'platform');

    expect((await queueOf('')).map(({ id }) => id)).not.toContain('cluster-admin-binding');
    expect(platform?.top.map(({ control }) => control)).toContain('cluster-admin-binding');
  });

  it('leave out what is deferred, which stays among what is open', async () => {
    const before = (await teams()).find(({ owner }) => owner === 'payments');
    const [first] = before?.top ?? [];
    const { items } = await listFindings(hub.store, scopeOf({ clusters: 'all', namespaces: 'all' }), {
      query: queryOf(queryForValues({ control: first?.control ?? '', owner: 'payments' }), FINDING_FIELDS),
      now: NOON,
      limit: 100,
    });
    await triage(
      hub.store,
      items.map(({ clusterId: cluster, fingerprint }) => ({ cluster, fingerprint })),
      { deferredUntil: TONIGHT, author: 'ann', at: NOON },
    );
    const { items: all, returns } = await answer();
    const after = all.find(({ owner }) => owner === 'payments');

    expect(items.length).toBeGreaterThan(0);
    expect(returns).toBe(TONIGHT.toISOString());
    expect((await answer(new Date(TONIGHT.getTime() + 1))).returns).toBeNull();
    expect(after?.top.map(({ control }) => control)).not.toContain(first?.control);
    expect(after?.findings).toEqual(before?.findings);
    await expectFirstOfQueue();
  });
});
