import { type JsonObject, stringAt } from '@bulwark/core';
import { customKind, type Fault } from '@bulwark/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestHub } from '../handlers/test-cluster.ts';
import { type Kept, objectsOf, tellingHub, WatchedCluster } from './watched.testing.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await tellingHub();
}, 60_000);

afterAll(async () => {
  await hub?.stop();
});

/** A shop in which nearly every kind decides about objects of others. */
const SHOP = objectsOf(`
{ apiVersion: v1, kind: Namespace, metadata: { name: shop, labels: { team: storefront, environment: production } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop, uid: d1 }
spec:
  replicas: 3
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec:
      serviceAccountName: cart
      priorityClassName: business
      containers:
        - name: app
          image: example.com/cart:1
          env:
            - { name: DB_PASSWORD, value: hunter2-hunter3 }
            - { name: MODE, valueFrom: { configMapKeyRef: { name: cart, key: mode } } }
---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: cart-1
  namespace: shop
  uid: r1
  ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: cart, uid: d1, controller: true }]
spec:
  selector: { matchLabels: { app: cart, pod-template-hash: "1" } }
  template:
    metadata: { labels: { app: cart, pod-template-hash: "1" } }
    spec: { serviceAccountName: cart, containers: [{ name: app, image: "example.com/cart:1" }] }
---
apiVersion: v1
kind: Pod
metadata:
  name: cart-1-a
  namespace: shop
  uid: p1
  labels: { app: cart, pod-template-hash: "1" }
  ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: cart-1, uid: r1, controller: true }]
spec:
  nodeName: one
  serviceAccountName: cart
  containers:
    - name: app
      image: example.com/cart:1
      env: [{ name: DB_PASSWORD, value: hunter2-hunter3 }, { name: API_TOKEN, value: hunter4-hunter5 }]
    - { name: injected, image: "example.com/mesh:1", securityContext: { privileged: true } }
status: { phase: Running, podIP: 10.0.0.7 }
---
apiVersion: v1
kind: Pod
metadata:
  name: pg-1
  namespace: shop
  uid: p2
  labels: { team: data }
  annotations:
    bulwark.dev/except.memory-limit-missing: "It grows; until=2099-01-31; owner=data"
    bulwark.dev/except.automount-service-account-token: "Asked at https://a:w0nderland@b.example/c; until=2099-01-31"
  ownerReferences: [{ apiVersion: postgresql.cnpg.io/v1, kind: Cluster, name: pg, uid: c1, controller: true }]
spec:
  nodeName: one
  serviceAccountName: pg
  containers: [{ name: postgres, image: "example.com/pg:1", securityContext: { privileged: true } }]
status: { phase: Running, podIP: 10.0.0.8 }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: pg, namespace: shop }
---
{ apiVersion: v1, kind: ServiceAccount, metadata: { name: cart, namespace: shop } }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: everything }
rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: cart }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: everything }
subjects: [{ kind: ServiceAccount, name: cart, namespace: shop }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec: { podSelector: { matchLabels: { app: cart } }, policyTypes: [Ingress, Egress], ingress: [], egress: [] }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { type: NodePort, selector: { app: cart }, ports: [{ port: 80, nodePort: 30080 }] }
---
{ apiVersion: v1, kind: ConfigMap, metadata: { name: cart, namespace: shop }, data: { mode: fast, password: hunter6-hunter7 } }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: cart, namespace: shop }
spec: { minAvailable: 3, selector: { matchLabels: { app: cart } } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: cart, namespace: shop }
spec: { minReplicas: 3, maxReplicas: 9, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: cart } }
---
apiVersion: v1
kind: LimitRange
metadata: { name: all, namespace: shop }
spec: { limits: [{ type: Container, default: { cpu: "1", memory: 1Gi }, defaultRequest: { cpu: 100m, memory: 1Gi } }] }
---
{ apiVersion: v1, kind: ResourceQuota, metadata: { name: all, namespace: shop }, spec: { hard: { pods: "20" } } }
---
{ apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: { name: business }, value: 1000 }
---
apiVersion: v1
kind: Node
metadata: { name: one }
status: { addresses: [{ type: ExternalIP, address: 203.0.113.7 }], nodeInfo: { kubeletVersion: v1.34.0 } }
`);

/** A custom kind with a pod template, and an object of it. */
const WORKSPACE = [
  customKind('Workspace', { podAt: 'spec.template' }),
  ...objectsOf(`
apiVersion: example.org/v1
kind: Workspace
metadata: { name: ann, namespace: shop, uid: w1 }
spec: { template: { spec: { containers: [{ name: a, image: "x:1", securityContext: { privileged: true } }] } } }
`),
];

/** Group and kind as they are stored, and the name in paths. */
const KINDS: readonly (readonly [kind: string, resource: string])[] = [
  ['rbac.authorization.k8s.io/ClusterRoleBinding', 'clusterrolebindings'],
  ['rbac.authorization.k8s.io/ClusterRole', 'clusterroles'],
  ['networking.k8s.io/NetworkPolicy', 'networkpolicies'],
  ['Pod', 'pods'],
  ['apps/ReplicaSet', 'replicasets'],
  ['apps/Deployment', 'deployments'],
  ['Namespace', 'namespaces'],
  ['ServiceAccount', 'serviceaccounts'],
  ['Service', 'services'],
  ['ConfigMap', 'configmaps'],
  ['policy/PodDisruptionBudget', 'poddisruptionbudgets'],
  ['autoscaling/HorizontalPodAutoscaler', 'horizontalpodautoscalers'],
  ['LimitRange', 'limitranges'],
  ['ResourceQuota', 'resourcequotas'],
  ['scheduling.k8s.io/PriorityClass', 'priorityclasses'],
  ['Node', 'nodes'],
];

const SOME_KINDS = KINDS.filter(([, resource]) =>
  ['clusterrolebindings', 'networkpolicies', 'pods', 'deployments', 'namespaces'].includes(resource),
);

/** Keeps a kind from being listed, until it is called off. */
type Trouble = (cluster: WatchedCluster, resource: string) => () => void;

const fails =
  (fault: Fault, times?: number): Trouble =>
  ({ server }, resource) =>
    server.faults.add({ verb: 'list', resource, fault, ...(times !== undefined && { times }) });
const isDenied: Trouble = ({ server }, denied) => {
  server.forbids = ({ verb, resource }) => verb !== 'discovery' && resource === denied;
  return () => {
    server.forbids = () => false;
  };
};

const LATER = { status: 429, retryAfter: 90, message: 'come back later' } as const;
const FAULT = { status: 500, message: 'etcd is away' } as const;

function controlsOf(kept: Kept): string[] {
  return (kept['finding'] ?? []).map((row) =>
    ['control', 'kind', 'name'].map((part) => stringAt(row, part)).join(' '),
  );
}

it('the shop has findings by other objects, and of pods on their owner', async () => {
  const shop = await WatchedCluster.inTest(hub, 'shop', SHOP);
  await shop.start();

  const kept = await shop.kept();
  expect(controlsOf(kept)).toEqual(
    expect.arrayContaining([
      'workload-cluster-takeover apps/Deployment cart',
      'privileged-container apps/Deployment cart',
      'privileged-container postgresql.cnpg.io/Cluster pg',
      'configmap-secret ConfigMap cart',
    ]),
  );
  const accepted = (kept['finding'] ?? []).filter(
    ({ name, exception }) => name === 'pg' && exception !== null,
  );
  expect(accepted.map((row) => ['control', 'team'].map((part) => stringAt(row, part)).join(' '))).toContain(
    'automount-service-account-token data',
  );
  expect(new Set(kept['workload_risk']?.map(({ name }) => name))).toEqual(new Set(['cart', 'pg']));
}, 60_000);

describe('a start changes and tells nothing where one kind is denied since', () => {
  let shop: WatchedCluster;
  let before: Kept;

  beforeAll(async () => {
    shop = await WatchedCluster.of(hub, 'denied', SHOP);
    await shop.start();
    before = await shop.kept();
  }, 60_000);

  beforeEach(() => shop.stop());

  afterAll(() => shop?.close());

  it.each(KINDS)(
    'such as %s',
    async (kind, resource) => {
      const end = isDenied(shop, resource);
      await shop.start();
      await shop.sees(kind, 'denied');
      end();

      expect(await shop.kept()).toEqual(before);
    },
    60_000,
  );

  it('and nothing is different after that', async () => {
    await shop.start();

    expect(await shop.kept()).toEqual(before);
  }, 60_000);
});

describe('a start changes and tells nothing where one kind cannot be listed for a minute', () => {
  it.each(SOME_KINDS)(
    'such as %s',
    async (kind, resource) => {
      const shop = await WatchedCluster.inTest(hub, kind, SHOP);
      await shop.start();
      const before = await shop.kept();
      await shop.stop();
      const end = fails(FAULT)(shop, resource);

      await shop.start();
      await shop.sees(kind, 'pending');
      expect(await shop.kept()).toEqual(before);

      end();
      await shop.sees(kind, 'live');
      expect(await shop.kept()).toEqual(before);
    },
    60_000,
  );
});

it('a start changes and tells nothing where a kind is to be listed later', async () => {
  const shop = await WatchedCluster.inTest(hub, 'later', SHOP);
  await shop.start();
  const before = await shop.kept();
  await shop.stop();
  fails(LATER, 1)(shop, 'clusterrolebindings');

  await shop.start();
  await shop.sees('rbac.authorization.k8s.io/ClusterRoleBinding', 'pending');
  expect(await shop.kept()).toEqual(before);

  await shop.sees('rbac.authorization.k8s.io/ClusterRoleBinding', 'live');
  expect(await shop.kept()).toEqual(before);
}, 60_000);

describe('what happened while nobody watched is seen when its kind is', () => {
  it('such as a binding that is gone', async () => {
    const shop = await WatchedCluster.inTest(hub, 'gone binding', SHOP);
    await shop.start();
    const before = await shop.kept();
    await shop.stop();
    const end = fails(FAULT)(shop, 'clusterrolebindings');
    shop.server.delete({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      namespace: '',
      name: 'cart',
    });

    await shop.start();
    expect(await shop.kept()).toEqual(before);

    end();
    await shop.sees('rbac.authorization.k8s.io/ClusterRoleBinding', 'live');
    const after = controlsOf(await shop.kept());
    expect(after).not.toContain('workload-cluster-takeover apps/Deployment cart');
    expect(after).toContain('privileged-container apps/Deployment cart');
  }, 60_000);

  it('such as a pod that is gone, with what only it showed', async () => {
    const shop = await WatchedCluster.inTest(hub, 'gone pod', SHOP);
    await shop.start();
    const before = await shop.kept();
    await shop.stop();
    const end = fails(FAULT)(shop, 'pods');
    for (const name of ['cart-1-a', 'pg-1'])
      shop.server.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name });

    await shop.start();
    expect(await shop.kept()).toEqual(before);

    end();
    await shop.sees('Pod', 'live');
    const after = controlsOf(await shop.kept());
    expect(after).not.toContain('privileged-container apps/Deployment cart');
    expect(after).not.toContain('privileged-container postgresql.cnpg.io/Cluster pg');
    expect(after).toContain('workload-cluster-takeover apps/Deployment cart');
  }, 60_000);

  it('such as the controller of pods, which are not seen: what they showed stays until they are', async () => {
    const shop = await WatchedCluster.inTest(hub, 'seen controller', SHOP);
    const denied = isDenied(shop, 'replicasets');
    const privileged = async () =>
      controlsOf(await shop.kept()).filter((each) => /^privileged-container .*cart/.test(each));
    await shop.start();
    expect(await privileged()).toEqual(['privileged-container Pod cart-1*']);
    await shop.stop();
    denied();
    const end = isDenied(shop, 'pods');

    await shop.start();
    expect(await privileged()).toEqual(['privileged-container Pod cart-1*']);

    end();
    await shop.sees('Pod', 'live');
    expect(await privileged()).toEqual(['privileged-container apps/Deployment cart']);
  }, 60_000);

  it('such as a custom kind that is served no more, by the change that took its objects', async () => {
    const workspace = { apiVersion: 'example.org/v1', kind: 'Workspace', namespace: 'shop', name: 'ann' };
    const definition = { kind: 'CustomResourceDefinition', namespace: '', name: 'workspaces.example.org' };
    const shop = await WatchedCluster.inTest(hub, 'gone kind', [...SHOP, ...WORKSPACE]);
    const found = async () => controlsOf(await shop.kept()).filter((each) => each.includes('Workspace'));
    await shop.start();
    await expect.poll(found, { timeout: 30_000 }).toContain('privileged-container example.org/Workspace ann');
    await shop.stop();
    shop.server.delete(workspace);
    shop.server.delete({ apiVersion: 'apiextensions.k8s.io/v1', ...definition });

    await shop.start();
    await expect.poll(found, { timeout: 30_000 }).toEqual([]);

    const { finding_past: past = [], change = [] } = await shop.kept();
    const ended = past.filter(({ is_resolved, name }) => is_resolved === true && name === 'ann');
    const deleted = change.filter(({ verb, name }) => verb === 'deleted' && name === 'ann');
    expect(new Set(ended.map(({ resolved_by }) => resolved_by))).toEqual(
      new Set(deleted.map(({ id }) => id)),
    );
    expect(deleted.map(({ resolved }) => resolved)).toEqual([ended.length]);
  }, 90_000);
});

/** What does not depend on when and where it was seen. */
function timeless(kept: Kept): readonly JsonObject[] {
  const noted = (kept['notice'] ?? []).map(({ is_first, is_resolved, control, kind, name }) => ({
    is_first,
    is_resolved,
    control,
    kind,
    name,
  }));
  const found = (kept['finding'] ?? []).map(({ fingerprint, control, severity, name, message, team }) => ({
    fingerprint,
    control,
    severity,
    name,
    message,
    team,
  }));
  const past = [...(kept['finding_past'] ?? []), ...(kept['change'] ?? [])];
  const text = (row: JsonObject): string => JSON.stringify(row);
  return [...noted, ...found, ...past].toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
}

describe('a first start where one kind cannot be listed ends as any other, and tells nothing twice', () => {
  it.each(SOME_KINDS)(
    'such as %s',
    async (kind, resource) => {
      const calm = await WatchedCluster.inTest(hub, `${kind} is there`, SHOP);
      const shop = await WatchedCluster.inTest(hub, `${kind} fails first`, SHOP);
      const end = fails(FAULT)(shop, resource);
      await Promise.all([calm.start(), shop.start()]);
      end();
      await shop.sees(kind, 'live');

      expect(timeless(await shop.kept())).toEqual(timeless(await calm.kept()));
    },
    60_000,
  );
});
