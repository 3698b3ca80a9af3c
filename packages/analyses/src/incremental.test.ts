import { type Analysis, type Resource, toResource, World } from '@bulwark/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  autoscalers,
  CLUSTER_ROLE,
  disruptionBudgets,
  effectiveRules,
  ingressBackends,
  ingressClaims,
  limitRangeDefaults,
  networkPolicies,
  nodeVolumes,
  PRIORITISED_POLICY_KINDS,
  podSecurityLevels,
  policyOrder,
  roleRules,
  serviceTargets,
  serviceTwins,
  workloadIndex,
} from './index.ts';

const NAMES = ['a', 'b'];
const NAMESPACES = ['x', 'y'];

/** What can be seen of an analysis, as text, whatever the order of the objects. */
const VIEWS: Readonly<Record<string, (world: World) => readonly unknown[]>> = {
  [workloadIndex.id]: (world) =>
    NAMESPACES.flatMap((name) =>
      world
        .get(workloadIndex)
        .inNamespace(name)
        .map(({ resource }) => resource.id),
    ),
  [networkPolicies.id]: (world) =>
    NAMESPACES.flatMap((name) =>
      NAMES.map((app) => [name, app, world.get(networkPolicies).isolated(name, { app }, 'ingress')]),
    ),
  [serviceTargets.id]: (world) =>
    world.list('Service').flatMap((service) =>
      world
        .get(serviceTargets)
        .targetsOf(service)
        .map(({ resource }) => [service.id, resource.id]),
    ),
  [limitRangeDefaults.id]: (world) =>
    NAMESPACES.map((name) => [
      name,
      String(world.get(limitRangeDefaults).of(name).limits.get('memory')?.nano),
    ]),
  [nodeVolumes.id]: (world) => [
    world.get(nodeVolumes).text,
    ...NAMESPACES.map((name) =>
      [...world.get(nodeVolumes).in(name)].map(([claim, { path, ...found }]) => [
        claim,
        path,
        found.claim?.id,
      ]),
    ),
  ],
  [podSecurityLevels.id]: (world) => NAMESPACES.map((name) => [name, world.get(podSecurityLevels).of(name)]),
  [disruptionBudgets.id]: (world) =>
    world.list('policy/PodDisruptionBudget').flatMap((budget) =>
      world
        .get(disruptionBudgets)
        .protectedBy(budget)
        .map(({ resource }) => [budget.id, resource.id]),
    ),
  [autoscalers.id]: (world) =>
    world.get(autoscalers).targets.map(({ autoscaler, target }) => [autoscaler.id, target?.id]),
  [ingressBackends.id]: (world) =>
    world.get(ingressBackends).backends.map(({ ingress, service }) => [ingress.id, service?.id]),
  [serviceTwins.id]: (world) =>
    world.list('Service').map((service) => [service.id, world.get(serviceTwins).twinOf(service)?.id]),
  [ingressClaims.id]: (world) => {
    const claims = world.get(ingressClaims);
    return world
      .list('networking.k8s.io/Ingress')
      .flatMap((ingress) => claims.claimsOf(ingress))
      .map((claim) => [claim.ingress.id, claims.rivalOf(claim)?.ingress.id]);
  },
  [policyOrder.id]: (world) =>
    PRIORITISED_POLICY_KINDS.flatMap((kind) => world.list(kind)).map((policy) => [
      policy.id,
      world.get(policyOrder).unorderedWith(policy)?.id,
    ]),
  [roleRules.id]: (world) =>
    world.list(CLUSTER_ROLE).map((role) => [
      role.id,
      world
        .get(roleRules)
        .rulesOf(role)
        .map((rule) => rule.resources.join())
        .sort(),
    ]),
  [effectiveRules.id]: (world) =>
    NAMES.map(
      (name) =>
        world
          .get(effectiveRules)
          .can({ kind: 'User', namespace: '', name }, { verb: 'get', group: '', resource: 'pods' }, 'x')
          .allowed,
    ),
};
const ALL: readonly Analysis<unknown>[] = [
  workloadIndex,
  networkPolicies,
  serviceTargets,
  limitRangeDefaults,
  nodeVolumes,
  podSecurityLevels,
  disruptionBudgets,
  autoscalers,
  ingressBackends,
  serviceTwins,
  ingressClaims,
  policyOrder,
  roleRules,
  effectiveRules,
];

const BODIES: readonly ((name: string) => readonly [apiVersion: string, kind: string, body: object])[] = [
  (app) => ['v1', 'Pod', { spec: { containers: [] }, metadata: { labels: { app } } }],
  () => [
    'apps/v1',
    'Deployment',
    { spec: { template: { metadata: { labels: { app: 'a' } }, spec: { containers: [] } } } },
  ],
  (app) => ['networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: { matchLabels: { app } } } }],
  (app) => ['v1', 'Service', { spec: { selector: { app } } }],
  (app) => [
    'v1',
    'LimitRange',
    { spec: { limits: [{ type: 'Container', default: { memory: app === 'a' ? 1 : 2 } }] } },
  ],
  (app) => [
    'v1',
    'Namespace',
    { metadata: { labels: { 'pod-security.kubernetes.io/enforce': app === 'a' ? 'baseline' : 'odd' } } },
  ],
  (name) => [
    'v1',
    'PersistentVolume',
    { spec: { hostPath: { path: `/${name}` }, claimRef: { namespace: 'x', name } } },
  ],
  (name) => ['v1', 'PersistentVolume', { spec: { local: { path: `/mnt/${name}` } } }],
  () => ['v1', 'PersistentVolume', { spec: { csi: { driver: 'c' } } }],
  (volumeName) => ['v1', 'PersistentVolumeClaim', { spec: { volumeName } }],
  (app) => ['policy/v1', 'PodDisruptionBudget', { spec: { selector: { matchLabels: { app } } } }],
  (name) => [
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    { spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name } } },
  ],
  (name) => ['networking.k8s.io/v1', 'Ingress', { spec: { defaultBackend: { service: { name } } } }],
  (path) => [
    'networking.k8s.io/v1',
    'Ingress',
    { spec: { rules: [{ http: { paths: [{ path }, { path: 'a' }] } }] } },
  ],
  (team) => [
    'policy.networking.k8s.io/v1alpha1',
    'AdminNetworkPolicy',
    { spec: { priority: 1, subject: { namespaces: { matchLabels: { team } } } } },
  ],
  (to) => [
    'rbac.authorization.k8s.io/v1',
    'ClusterRole',
    { metadata: { labels: { to } }, rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }] },
  ],
  (to) => [
    'rbac.authorization.k8s.io/v1',
    'ClusterRole',
    { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to } }] } },
  ],
  (name) => [
    'rbac.authorization.k8s.io/v1',
    'ClusterRoleBinding',
    { roleRef: { kind: 'ClusterRole', name }, subjects: [{ kind: 'User', name: 'a' }] },
  ],
];

const object = fc.record({
  body: fc.constantFrom(...BODIES),
  name: fc.constantFrom(...NAMES),
  namespace: fc.constantFrom(...NAMESPACES),
  parameter: fc.constantFrom(...NAMES),
});

function toObject({
  body,
  name,
  namespace,
  parameter,
}: {
  body: (typeof BODIES)[number];
  name: string;
  namespace: string;
  parameter: string;
}): Resource {
  const [apiVersion, kind, rest] = body(parameter);
  const own = 'metadata' in rest ? (rest.metadata as object) : {};
  const metadata = { ...own, name: kind === 'Namespace' ? namespace : name, namespace };
  return toResource({ apiVersion, kind, ...rest, metadata } as never, {
    kind: 'cluster',
    cluster: 'c',
    resourceVersion: '1',
  });
}

describe('every analysis', () => {
  it('has a view here', () => {
    expect(ALL.map(({ id }) => id).toSorted()).toEqual(Object.keys(VIEWS).toSorted());
  });

  it.each(Object.entries(VIEWS))('%s says the same after changes as when computed anew', (_id, view) => {
    const seen = (world: World): string[] =>
      view(world)
        .map((item) => JSON.stringify(item))
        .sort();
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(object, fc.boolean()), { maxLength: 4 }), { maxLength: 5 }),
        (batches) => {
          const { world } = World.of([]);
          for (const batch of batches) {
            const removed = new Set(batch.filter(([, remove]) => remove).map(([each]) => toObject(each).id));
            const upsert = batch.map(([each]) => toObject(each)).filter(({ id }) => !removed.has(id));
            world.apply({ upsert, remove: [...removed] });

            expect(seen(world)).toEqual(seen(World.of(world.resources()).world));
          }
        },
      ),
    );
  });
});
