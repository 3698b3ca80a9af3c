import { CONTROLS, FRAMEWORKS } from '@bulwark/controls';
import { clusterFacts, scopeOf } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asking } from './callers.testing.ts';
import { reportHead } from './framework-report/head.ts';
import { frameworkHandlers } from './frameworks.ts';
import { namespaceItems } from './namespaces.ts';
import { nodeItems } from './nodes.ts';
import { passportOf } from './passport.ts';
import { secretDetail, secretItems } from './secrets.ts';
import { TestHub, type TestSight } from './test-cluster.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const NOW = day(20);
const RBAC = 'rbac.authorization.k8s.io';
const CONTROL = 'automount-service-account-token';

/** What the hub may see all the time. */
const STEADY = {
  'apps/Deployment': 'live',
  [`${RBAC}/Role`]: 'live',
  [`${RBAC}/RoleBinding`]: 'live',
  Namespace: 'live',
  Node: 'live',
  // No CRD defines it.
  'cilium.io/CiliumNetworkPolicy': 'absent',
} as const;
/** What it may see for some days only; there is no object of these. */
const GRANTED = [
  'Secret',
  'Service',
  'ServiceAccount',
  'Pod',
  'networking.k8s.io/NetworkPolicy',
  'networking.k8s.io/Ingress',
  `${RBAC}/ClusterRole`,
  `${RBAC}/ClusterRoleBinding`,
];
const SHOP = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, uid: n }
---
apiVersion: v1
kind: Node
metadata: { name: one, uid: o }
---
apiVersion: ${RBAC}/v1
kind: Role
metadata: { name: reads, namespace: shop, uid: r }
rules: [{ apiGroups: [''], resources: [secrets], verbs: [get] }]
---
apiVersion: ${RBAC}/v1
kind: RoleBinding
metadata: { name: reads, namespace: shop, uid: b }
roleRef: { apiGroup: ${RBAC}, kind: Role, name: reads }
subjects: [{ kind: ServiceAccount, name: ghost, namespace: shop }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, uid: w }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      automountServiceAccountToken: false
      containers:
        - { name: app, image: 'example.com/web:1', envFrom: [{ secretRef: { name: database } }] }
`;

let hub: TestHub;
let prod: number;

/** A moment of the days that the cluster is seen. */
function day(number: number, hour = 12): Date {
  return new Date(Date.UTC(2026, 10, number, hour));
}

async function record(name: string, granted: TestSight) {
  return hub.cluster(name, { ...STEADY, ...Object.fromEntries(GRANTED.map((kind) => [kind, granted])) });
}

async function see(cluster: Awaited<ReturnType<typeof record>>, granted: TestSight): Promise<void> {
  for (const kind of GRANTED) await cluster.sees(kind, granted);
  await cluster.flush();
}

beforeAll(async () => {
  hub = await TestHub.start(day(1));
  const first = await record('prod', 'denied');
  prod = first.id;
  await first.show(SHOP);
  await first.flush();
  hub.now = day(5);
  await see(first, 'live');
  hub.now = day(7);
  const second = await record('prod', 'pending');
  await see(second, 'live');
  hub.now = day(9);
  await see(second, 'denied');
  hub.now = day(11);
  const third = await record('prod', 'denied');
  await third.flush();
  hub.now = day(13);
  const other = await record('other', 'live');
  await other.show(SHOP);
  await other.flush();
}, 120_000);

afterAll(() => hub?.stop());

interface Face {
  readonly what: string;
  readonly of: (asOf: Date | undefined) => Promise<unknown>;
  readonly known: unknown;
  readonly unknown: unknown;
}

const atMoment = (asOf: Date | undefined) => (asOf === undefined ? {} : { asOf: asOf.toISOString() });
const only = (cluster: number) => scopeOf({ clusters: [cluster], namespaces: 'all' });
const scope = () => only(prod);
const passport = (asOf: Date | undefined) =>
  passportOf(hub.store, ALL, {
    cluster: prod,
    kind: 'apps/Deployment',
    namespace: 'shop',
    name: 'web',
    asOf,
    now: NOW,
    limits: { clusters: 'all', namespaces: 'all' },
  });
const secret = (asOf: Date | undefined) =>
  secretDetail(hub.store, ALL, { cluster: prod, namespace: 'shop', name: 'database', asOf, now: NOW });
async function requirement(asOf: Date | undefined, cluster: number | undefined = prod) {
  const input = {
    params: { id: 'cis-kubernetes-2.0.1' },
    query: { cluster, ...atMoment(asOf) },
    body: undefined,
  };
  const { requirements } = await frameworkHandlers(hub.store, CONTROLS).getFramework(input, asking(NOW));
  return requirements.find(({ controls }) => controls.includes(CONTROL) && controls.length === 1);
}
async function report(asOf: Date, clusters: 'all' | readonly number[] = [prod]) {
  const framework = FRAMEWORKS.find(({ id }) => id === 'cis-kubernetes-2.0.1');
  if (framework === undefined) throw new Error('there is no such framework');
  return reportHead(
    { store: hub.store, controls: CONTROLS },
    {
      framework,
      scope: scopeOf({ clusters, namespaces: 'all' }),
      caller: asking(NOW).caller,
      madeAt: NOW,
      asOf,
    },
  );
}

const FACES: readonly Face[] = [
  {
    what: 'whether a secret is there',
    of: async (asOf) =>
      (await secretItems(hub.store, scope(), atMoment(asOf), NOW)).items.map(({ exists }) => exists),
    known: [false],
    unknown: [null],
  },
  {
    what: 'the secrets that a query finds not to be there',
    of: async (asOf) =>
      (await secretItems(hub.store, scope(), { q: 'exists:no', ...atMoment(asOf) }, NOW)).items.length,
    known: 1,
    unknown: 0,
  },
  {
    what: 'who may read a secret',
    of: async (asOf) => (await secret(asOf)).readableBy,
    known: ['ServiceAccount shop/ghost'],
    unknown: [
      'ServiceAccount shop/ghost',
      'whoever ClusterRole and ClusterRoleBinding objects let: they are not seen',
    ],
  },
  {
    what: 'which rights may be missing beside those of who may read a secret',
    of: async (asOf) => (await secret(asOf)).notSeen,
    known: [],
    unknown: ['ClusterRole', 'ClusterRoleBinding'],
  },
  {
    what: 'whether a service account that a binding names is there',
    of: async (asOf) => (await secret(asOf)).readers.map(({ subject }) => subject.exists),
    known: [false],
    unknown: [null],
  },
  {
    what: 'the policies of a workload',
    of: async (asOf) => (await passport(asOf)).reach.filter((text) => /polic|metadata/i.test(text)),
    known: [
      'No network policy limits what may connect to it.',
      'No network policy limits what it may connect to.',
      'It may reach the cloud metadata of its node at 169.254.169.254: no network policy limits where they connect to.',
    ],
    unknown: [
      'Which network policies hold for it is not known: they are not seen.',
      'Whether it reaches the cloud metadata of its node is not known: NetworkPolicy objects are not seen.',
    ],
  },
  {
    what: 'what leads to a workload',
    of: async (asOf) => (await passport(asOf)).reach.filter((text) => /leads? to it/.test(text)),
    known: ['No Service leads to it.'],
    unknown: [
      'Whether Service objects lead to it is not known: they are not seen.',
      'Whether Ingress objects lead to it is not known: they are not seen.',
    ],
  },
  {
    what: 'what a workload may do',
    of: async (asOf) => (await passport(asOf)).permissions.map(({ rule }) => rule),
    known: [],
    unknown: ['It may be able to do more.'],
  },
  {
    what: 'whether policies select pods of a namespace',
    of: async (asOf) =>
      (await namespaceItems(hub.store, scope(), atMoment(asOf), NOW)).items.map(
        ({ hasPolicies }) => hasPolicies,
      ),
    known: [false],
    unknown: [null],
  },
  {
    what: 'how many pods are on a node',
    of: async (asOf) =>
      (await nodeItems(hub.store, scope(), atMoment(asOf), NOW)).items.map(({ pods }) => pods),
    known: [0],
    unknown: [null],
  },
  {
    what: 'a requirement that rights decide',
    of: async (asOf) => (await requirement(asOf))?.verdict,
    known: 'pass',
    unknown: 'not-checked',
  },
];

const MOMENTS = [
  { when: 'before a right is granted', asOf: day(3), isKnown: false },
  { when: 'when it is granted', asOf: day(5), isKnown: true },
  { when: 'afterwards', asOf: day(6), isKnown: true },
  { when: 'when the hub starts anew', asOf: day(7), isKnown: true },
  { when: 'after that', asOf: day(8), isKnown: true },
  { when: 'when the right is lost', asOf: day(9), isKnown: false },
  { when: 'afterwards, before the hub starts once more', asOf: day(10), isKnown: false },
  { when: 'after that', asOf: day(12), isKnown: false },
  { when: 'now', asOf: undefined, isKnown: false },
] as const;

describe.each(FACES)('$what', ({ of, known, unknown }) => {
  it.each(MOMENTS)('is told as far as it was seen $when', async ({ asOf, isKnown }) => {
    expect(await of(asOf)).toEqual(isKnown ? known : unknown);
  });
});

describe('while a hub starts', () => {
  it.each(['listing', 'awaited'] as const)(
    'what is %s is known as it was before, and what was denied is not',
    async (state) => {
      const name = `starts while ${state}`;
      const kinds = (sight: TestSight) =>
        Object.fromEntries(Object.keys(STEADY).map((kind) => [kind, sight]));
      const before = await record(name, 'live');
      await before.show(SHOP);
      await before.sees('Service', 'denied');
      await before.flush();
      const now = async () => {
        const { requirements } = await report(NOW, [before.id]);
        const byTheClock = await requirement(NOW, before.id);
        return {
          requirement: await requirement(undefined, before.id),
          byTheClock,
          reported: requirements.find(({ id }) => id === byTheClock?.id)?.verdict,
          policies: (await namespaceItems(hub.store, only(before.id), {}, NOW)).items.map(
            ({ hasPolicies }) => hasPolicies,
          ),
          pods: (await nodeItems(hub.store, only(before.id), {}, NOW)).items.map(({ pods }) => pods),
        };
      };
      const known = await now();

      const again = await hub.cluster(name, {
        ...kinds(state),
        ...Object.fromEntries(GRANTED.map((kind) => [kind, state])),
      });
      await again.flush();

      expect(known).toEqual({
        requirement: expect.objectContaining({ verdict: 'pass' }),
        byTheClock: known.requirement,
        reported: 'pass',
        policies: [false],
        pods: [0],
      });
      expect(await now()).toEqual(known);
      for (const asOf of [undefined, NOW]) {
        const [facts] = await clusterFacts(hub.store, only(before.id), asOf);
        expect([facts?.seen.get('Pod'), facts?.seen.get('Service')]).toEqual([true, false]);
      }
    },
  );
});

describe('a framework as of a moment', () => {
  it('says why it has no verdict: what was not seen then, and what is not seen even now', async () => {
    expect((await requirement(day(3), prod))?.reason).toMatch(/which is not seen in prod: The right to list/);
    const asOf = day(13, 11);
    const all = await report(asOf, 'all');

    expect(all.clusters.map(({ name }) => name)).toEqual(['prod']);
    expect(all.coverage.entries).toContainEqual(
      expect.objectContaining({
        code: 'cluster-not-known',
        kind: 'lost',
        reason: `It was first seen at ${day(13).toISOString()}: nothing is said of it.`,
      }),
    );
  });

  it('does not wait for a cluster that was added later', async () => {
    const own = await requirement(day(6), prod);

    expect(own?.verdict).toBe('pass');
    expect(await requirement(day(6), undefined)).toEqual(own);
  });
});

describe('the report of an auditor', () => {
  const lostOf = ({ coverage }: Awaited<ReturnType<typeof report>>) =>
    coverage.entries.filter(({ kind }) => kind === 'lost').map(({ subject }) => subject);

  it.each([
    { when: 'a right was not granted yet', asOf: day(3), lost: GRANTED, percent: 38.4 },
    { when: 'it was granted', asOf: day(6), lost: [], percent: 100 },
    { when: 'it was lost again', asOf: day(10), lost: GRANTED, percent: 38.4 },
    { when: 'it is made for the present', asOf: NOW, lost: GRANTED, percent: 38.4 },
  ])('has what was not seen at its moment, when $when', async ({ asOf, lost, percent }) => {
    const made = await report(asOf);

    expect(made.coverage.asOf).toBe(asOf.toISOString());
    expect(lostOf(made).toSorted()).toEqual(lost.toSorted());
    expect(made.coverage.percent).toBe(percent);
    expect(made.clusters.map(({ seen }) => seen?.lost)).toEqual([lost.length]);
  });

  it('says of a kind that is seen by now that it was not', async () => {
    hub.now = day(15);
    const again = await record('prod', 'live');
    await again.flush();
    const made = await report(day(10));
    const gap = made.coverage.entries.find(({ subject }) => subject === 'ServiceAccount');

    expect(gap).toMatchObject({ code: 'kind-not-seen', reason: 'It was not seen at that moment.' });
    expect(await requirement(day(10))).toMatchObject({
      verdict: 'not-checked',
      reason: `${CONTROL} looks at Pod, which was not seen in prod at that moment.`,
    });
    expect((await requirement(undefined))?.verdict).toBe('pass');
  });
});
