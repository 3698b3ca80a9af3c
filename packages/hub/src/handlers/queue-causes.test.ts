import { findingRoutes, LONGEST_QUERY } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asking } from './callers.testing.ts';
import { findingHandlers } from './findings.ts';
import { KeptAnswers } from './kept-answers.ts';
import { TestHub } from './test-cluster.ts';

const START = Date.parse('2026-11-26T12:00:00Z');
const at = (minutes: number): Date => new Date(START + minutes * 60_000);

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { serviceAccountName: web, containers: [{ name: app, image: 'example.com/web:1' }] }
`;
const BINDING = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: web-admin }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }]
`;
const TAKEOVER = 'workload-cluster-takeover';
const ADMIN = 'cluster-admin-binding';

let hub: TestHub;
let handlers: ReturnType<typeof findingHandlers>;

beforeAll(async () => {
  hub = await TestHub.start(at(0));
  const prod = await hub.cluster('prod', { Pod: 'live' });
  await prod.show(`${WEB}---${BINDING}`);
  // A binding of the same name that lets nothing take the cluster.
  const stage = await hub.cluster('stage', { Pod: 'live' });
  await stage.show(BINDING);
  hub.now = at(10);
  await prod.remove('rbac.authorization.k8s.io/ClusterRoleBinding', '', 'web-admin');
  handlers = findingHandlers({
    store: hub.store,
    controls: new Map(CONTROLS.map((each) => [each.id, each])),
    answers: new KeptAnswers(hub.store),
  });
}, 60_000);

afterAll(() => hub?.stop());

async function queueOf(asOf: Date, q?: string) {
  const query = { limit: 100, asOf: asOf.toISOString(), ...(q !== undefined && { q }) };
  const { items } = await handlers.getQueue({ params: undefined, query, body: undefined }, asking(at(20)));
  const itemOf = (control: string) => items.find(({ id }) => id === control);
  return { takeover: itemOf(TAKEOVER), binding: itemOf(ADMIN) };
}

describe('what causes a finding', () => {
  it('is folded as of a moment of the past as it was then', async () => {
    const { takeover, binding } = await queueOf(at(5));
    const later = await queueOf(at(15));

    expect(takeover?.causes.map(({ control, findings }) => [control, findings])).toEqual([[ADMIN, 1]]);
    expect(binding?.clusters.map(({ name }) => name)).toEqual(['stage']);
    expect([binding?.findings, binding?.elsewhere]).toEqual([1, 1]);
    expect([later.takeover, later.binding?.findings, later.binding?.elsewhere]).toEqual([undefined, 1, 0]);
  });

  it('is found by its query, and nothing else', async () => {
    const { takeover } = await queueOf(at(5));
    const query = findingRoutes.listFindings.query.parse({
      q: takeover?.causes[0]?.query,
      asOf: at(5).toISOString(),
    });
    const { items } = await handlers.listFindings(
      { params: undefined, query, body: undefined },
      asking(at(20)),
    );

    expect(items.map(({ cluster, control, resource }) => [cluster.name, control, resource.name])).toEqual([
      ['prod', ADMIN, 'web-admin'],
    ]);
  });

  it('is found by no query rather than by a wider one, as is what it causes, where that would be too long', async () => {
    const names = Array.from({ length: 240 }, (_each, index) => `longer-${index}`);
    const q = `-name:${names.join(',')}`.slice(0, LONGEST_QUERY);
    const { takeover } = await queueOf(at(5), q);

    expect(takeover).toMatchObject({ query: null, findings: 1, causes: [{ control: ADMIN, query: null }] });
  });
});
