import { type Json, type JsonObject, type Resource, toResource, World } from '@bulwark/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workloadRisk } from './workload-risk.ts';

const CLUSTER = { kind: 'cluster', cluster: 'c', resourceVersion: '1' } as const;

function object(kind: string, name: string, rest: { readonly [key: string]: Json }): Resource {
  const apiVersion = VERSIONS[kind] ?? 'v1';
  const metadata = CLUSTER_WIDE.has(kind) ? { name } : { name, namespace: 'shop' };
  return toResource({ apiVersion, kind, metadata, ...rest }, CLUSTER);
}

const VERSIONS: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  Ingress: 'networking.k8s.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  CiliumNetworkPolicy: 'cilium.io/v2',
  Gateway: 'gateway.networking.k8s.io/v1',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
  ClusterRoleBinding: 'rbac.authorization.k8s.io/v1',
  RoleBinding: 'rbac.authorization.k8s.io/v1',
};
const CLUSTER_WIDE = new Set(['Node', 'PersistentVolume', 'ClusterRole', 'ClusterRoleBinding']);

function deployment(pod: JsonObject = {}, container: JsonObject = {}): Resource {
  const spec = {
    serviceAccountName: 'cart',
    ...pod,
    containers: [{ name: 'app', image: 'x', ...container }],
  };
  return object('Deployment', 'cart', {
    spec: { template: { metadata: { labels: { app: 'cart' } }, spec } },
  });
}

const ADDRESS = { loadBalancer: { ingress: [{ ip: '203.0.113.4' }] } };
const PRIVATE = { loadBalancer: { ingress: [{ ip: '10.1.2.3' }] } };

function service(type: string, rest: JsonObject = {}): Resource {
  return object('Service', 'cart', {
    spec: { type, selector: { app: 'cart' }, ports: [{ port: 80 }] },
    ...rest,
  });
}

function node(type: string, address: string): Resource {
  return object('Node', 'n', { status: { addresses: [{ type, address }] } });
}

function policy(ingress: Json[]): Resource {
  return object('NetworkPolicy', 'cart', { spec: { podSelector: {}, policyTypes: ['Ingress'], ingress } });
}

function egress(rules: Json[]): Resource {
  return object('NetworkPolicy', 'out', {
    spec: { podSelector: {}, policyTypes: ['Egress'], egress: rules },
  });
}

function ingress(status: JsonObject): Resource {
  const backend = { service: { name: 'cart', port: { number: 80 } } };
  return object('Ingress', 'web', { spec: { defaultBackend: backend }, status });
}

const route = object('HTTPRoute', 'web', {
  spec: { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs: [{ name: 'cart', port: 80 }] }] },
});
const gateway = object('Gateway', 'edge', { status: { addresses: [{ value: '203.0.113.9' }] } });

function role(rules: Json[]): Resource {
  return object('ClusterRole', 'cart', { rules });
}

function binding(kind: 'ClusterRoleBinding' | 'RoleBinding'): Resource {
  return object(kind, 'cart', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cart' },
    subjects: [{ kind: 'ServiceAccount', name: 'cart', namespace: 'shop' }],
  });
}

const rule = (verbs: string[], resources: string[]): Json => ({ apiGroups: [''], verbs, resources });

/** Its reasons of some factors: by default of those that weigh anything. */
function said(
  world: readonly Resource[],
  factors: readonly string[] = ['exposure', 'node', 'identity'],
): string[] {
  const [workload] = world;
  if (workload === undefined) throw new Error('there is no workload');
  const { reasons } = World.of(world).world.get(workloadRisk).of(workload);
  return reasons
    .filter(({ factor }) => factors.includes(factor))
    .map(({ points, text }) => `${points} ${text}`);
}

describe('who can connect to a workload', () => {
  const cluster = '5 open to every pod of the cluster: no network policy limits who connects';
  const balancer = 'by Service cart, a load balancer';

  it.each<[string, Resource[], string]>([
    ['nothing', [], cluster],
    ['a Service of the cluster', [service('ClusterIP')], cluster],
    [
      'a load balancer',
      [service('LoadBalancer', { status: ADDRESS })],
      `20 open to the Internet ${balancer} at 203.0.113.4`,
    ],
    ['a load balancer without an address so far', [service('LoadBalancer')], cluster],
    [
      'a load balancer of a private network',
      [service('LoadBalancer', { status: PRIVATE })],
      `10 open to a private network ${balancer} at 10.1.2.3`,
    ],
    [
      'a port of nodes with public addresses',
      [service('NodePort'), node('ExternalIP', '203.0.113.7')],
      '20 open to the Internet by Service cart, at a port of all nodes',
    ],
    [
      'a port of nodes with private addresses',
      [service('NodePort'), node('InternalIP', '10.0.0.7')],
      '10 open to whoever reaches its nodes by Service cart, at a port of all nodes',
    ],
    [
      'an Ingress',
      [service('ClusterIP'), ingress(ADDRESS)],
      '20 open to the Internet by Ingress web and Service cart',
    ],
    ['an Ingress that nothing serves', [service('ClusterIP'), ingress({})], cluster],
    [
      'an Ingress of a private network',
      [service('ClusterIP'), ingress(PRIVATE)],
      '10 open to a private network by Ingress web and Service cart',
    ],
    [
      'a Gateway',
      [service('ClusterIP'), route, gateway],
      '20 open to the Internet by Gateway edge, HTTPRoute web and Service cart',
    ],
    [
      'a policy that lets nobody in',
      [service('LoadBalancer', { status: ADDRESS }), policy([])],
      '-10 nobody can connect: network policy cart lets nobody in',
    ],
    [
      'a policy that lets pods in, past a load balancer',
      [service('LoadBalancer', { status: ADDRESS }), policy([{ from: [{ podSelector: {} }] }])],
      '0 open only to what network policy cart lets in',
    ],
    [
      'a policy that lets pods in, and an Ingress, whose controller is one',
      [service('ClusterIP'), ingress(ADDRESS), policy([{ from: [{ namespaceSelector: {} }] }])],
      '20 open to the Internet by Ingress web and Service cart',
    ],
    [
      'a policy that lists addresses',
      [
        service('LoadBalancer', { status: ADDRESS }),
        policy([{ from: [{ ipBlock: { cidr: '198.51.100.0/24' } }] }]),
      ],
      `10 open to addresses that network policy cart lists ${balancer} at 203.0.113.4`,
    ],
    [
      'a public address that nodes answer for',
      [object('Service', 'cart', { spec: { selector: { app: 'cart' }, externalIPs: ['203.0.113.5'] } })],
      '20 open to the Internet by Service cart, at 203.0.113.5',
    ],
    [
      'a policy that lets addresses in',
      [
        service('LoadBalancer', { status: ADDRESS }),
        policy([{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }]),
      ],
      `20 open to the Internet ${balancer} at 203.0.113.4`,
    ],
  ])('by %s', (_name, others, expected) => {
    expect(said([deployment(), ...others])).toEqual([expected]);
  });

  it.each<[string, Resource]>([
    ["its node's network", deployment({ hostNetwork: true }, { ports: [{ containerPort: 80 }] })],
    ['a port of its node', deployment({}, { ports: [{ containerPort: 80, hostPort: 80 }] })],
  ])('by %s', (_name, workload) => {
    expect(said([workload, node('ExternalIP', '203.0.113.7')])).toEqual([
      '20 open to the Internet by ports of its nodes',
    ]);
  });
});

describe('what whoever takes a workload over reaches', () => {
  const host = (path: string): JsonObject => ({ volumes: [{ name: 'h', hostPath: { path } }] });
  const mount = { volumeMounts: [{ name: 'h', mountPath: '/h' }] };

  it.each<[string, Resource, string | undefined]>([
    [
      'a privileged container',
      deployment({}, { securityContext: { privileged: true } }),
      'container app is privileged',
    ],
    [
      'a capability',
      deployment({}, { securityContext: { capabilities: { add: ['cap_sys_admin'] } } }),
      'container app has SYS_ADMIN',
    ],
    [
      'a socket of the container runtime',
      deployment(host('/var/run/containerd/containerd.sock'), mount),
      'it mounts /run/containerd/containerd.sock, which holds the socket of the container runtime',
    ],
    [
      'a directory of the node',
      deployment(host('/etc/kubernetes'), mount),
      'it mounts /etc/kubernetes of the node, where keys of the node or the cluster lie',
    ],
    ['a directory that nothing mounts', deployment(host('/etc/kubernetes')), undefined],
    ['a harmless directory', deployment(host('/srv/data'), mount), undefined],
    [
      'a user namespace',
      deployment({ hostUsers: false }, { securityContext: { privileged: true } }),
      undefined,
    ],
  ])('on the node by %s', (_name, workload, way) => {
    expect(said([workload]).slice(1)).toEqual(way === undefined ? [] : [`15 can take its node: ${way}`]);
  });

  it.each<[string, JsonObject, JsonObject, string | undefined]>([
    [
      'a directory of the node',
      mount,
      { local: { path: '/etc/kubernetes' } },
      'it mounts /etc/kubernetes of the node by claim data and PersistentVolume v, where keys of the node or the cluster lie',
    ],
    ['one that nothing mounts', {}, { local: { path: '/etc/kubernetes' } }, undefined],
    ['a harmless directory', mount, { local: { path: '/srv/data' } }, undefined],
    // It can be a disk that holds nothing of the node.
    ['a disk', mount, { local: { path: '/dev/sda' }, volumeMode: 'Block' }, undefined],
    ['a volume of a driver', mount, { csi: { driver: 'csi.example.com' } }, undefined],
  ])('on the node by a claim for %s', (_name, container, volume, way) => {
    const claimed = { volumes: [{ name: 'h', persistentVolumeClaim: { claimName: 'data' } }] };
    const claim = object('PersistentVolumeClaim', 'data', { spec: { volumeName: 'v' } });
    const world = [deployment(claimed, container), claim, object('PersistentVolume', 'v', { spec: volume })];

    expect(said(world).slice(1)).toEqual(way === undefined ? [] : [`15 can take its node: ${way}`]);
  });

  it.each<[string, Resource[], string | undefined]>([
    [
      'everything',
      [role([{ apiGroups: ['*'], verbs: ['*'], resources: ['*'] }]), binding('ClusterRoleBinding')],
      '20 can take the cluster: service account cart may do everything',
    ],
    [
      'Secrets everywhere',
      [role([rule(['list'], ['secrets'])]), binding('ClusterRoleBinding')],
      '10 reaches further: service account cart may read the Secrets of every namespace',
    ],
    [
      'commands and Secrets of its namespace',
      [role([rule(['get'], ['secrets']), rule(['create'], ['pods/exec'])]), binding('RoleBinding')],
      '15 reaches further: service account cart may run commands in the containers of namespace shop and read the Secrets of namespace shop',
    ],
    [
      'one Secret by name',
      [
        role([{ apiGroups: [''], verbs: ['get'], resources: ['secrets'], resourceNames: ['a'] }]),
        binding('RoleBinding'),
      ],
      undefined,
    ],
    ['nothing', [], undefined],
  ])('through the API server: %s', (_name, others, expected) => {
    expect(said([deployment(), ...others]).slice(1)).toEqual(expected === undefined ? [] : [expected]);
    expect(said([deployment({ automountServiceAccountToken: false }), ...others])).toHaveLength(1);
  });

  it('names the objects that decide it', () => {
    const world = [
      deployment(),
      service('ClusterIP'),
      ingress(ADDRESS),
      role([rule(['list'], ['secrets'])]),
      binding('ClusterRoleBinding'),
    ];
    const { reasons } = World.of(world).world.get(workloadRisk).of(deployment());

    expect(reasons.map(({ objects }) => objects)).toEqual([
      ['Ingress shop/web', 'Service shop/cart'],
      ['ClusterRoleBinding cart'],
      [],
    ]);
  });

  it.each<[string, Resource, Resource[], string[]]>([
    [
      'no policy',
      deployment(),
      [],
      [
        '0 may reach the cloud metadata of its node at 169.254.169.254: no network policy limits where they connect to',
      ],
    ],
    ['a policy that lets nothing out', deployment(), [egress([])], []],
    [
      'such a policy, which does not hold',
      deployment({ hostNetwork: true }),
      [egress([])],
      [
        "0 may reach the cloud metadata of its node at 169.254.169.254: network policies do not hold for pods in their node's network",
      ],
    ],
    [
      'a policy that is not evaluated',
      deployment(),
      [object('CiliumNetworkPolicy', 'l7', { spec: {} })],
      [
        '0 may or may not reach the cloud metadata of its node at 169.254.169.254: policies of other kinds than NetworkPolicy may decide it, and are not evaluated',
      ],
    ],
  ])('says whether it reaches the metadata of its node behind %s', (_name, workload, others, expected) => {
    expect(said([workload, ...others], ['metadata'])).toEqual(expected);
  });

  it('names the Secrets that it holds, and those that its images are pulled with, which weigh nothing', () => {
    const workload = deployment(
      { volumes: [{ name: 'v', projected: { sources: [{ secret: { name: 'tls' } }] } }] },
      { envFrom: [{ secretRef: { name: 'database' } }] },
    );
    const account = object('ServiceAccount', 'cart', { imagePullSecrets: [{ name: 'registry' }] });
    const { reasons } = World.of([workload, account]).world.get(workloadRisk).of(workload);

    expect(reasons.find(({ factor }) => factor === 'secrets')).toEqual({
      factor: 'secrets',
      points: 0,
      text: 'holds 2 Secrets and pulls its images with 1 Secret',
      objects: ['Secret shop/database', 'Secret shop/tls', 'Secret shop/registry'],
    });
  });
});

/** Objects that can only be there or not; each is of another name, so that they meet. */
const PARTS: readonly Resource[] = [
  service('ClusterIP'),
  object('Service', 'lb', { spec: { type: 'LoadBalancer', selector: { app: 'cart' } }, status: ADDRESS }),
  object('Service', 'inner', { spec: { type: 'LoadBalancer', selector: { app: 'cart' } }, status: PRIVATE }),
  object('Service', 'port', { spec: { type: 'NodePort', selector: { app: 'cart' } } }),
  node('ExternalIP', '203.0.113.7'),
  ingress(ADDRESS),
  route,
  gateway,
  role([rule(['list'], ['secrets']), rule(['create'], ['pods/exec'])]),
  binding('ClusterRoleBinding'),
  binding('RoleBinding'),
];
const POLICIES: readonly Resource[] = [
  policy([]),
  object('NetworkPolicy', 'listed', {
    spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '198.51.100.0/24' } }] }] },
  }),
  object('NetworkPolicy', 'pods', { spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] } }),
];
const SOME = fc.subarray([...PARTS]);
const TEMPLATES = fc.constantFrom(
  deployment(),
  deployment({}, { securityContext: { privileged: true } }),
  deployment({ hostNetwork: true }, { ports: [{ containerPort: 80 }] }),
);

function pointsOf(workload: Resource, others: readonly Resource[]): number {
  return World.of([workload, ...others])
    .world.get(workloadRisk)
    .of(workload).points;
}

describe('the risk of a workload', () => {
  it('never falls when a way in or a right is added, and never rises when a policy is', () => {
    fc.assert(
      fc.property(TEMPLATES, SOME, SOME, fc.subarray([...POLICIES]), (workload, some, more, policies) => {
        const all = [...new Set([...some, ...more])];
        expect(pointsOf(workload, [...all, ...policies])).toBeGreaterThanOrEqual(
          pointsOf(workload, [...some, ...policies]),
        );
        expect(pointsOf(workload, [...some, ...policies])).toBeLessThanOrEqual(pointsOf(workload, some));
      }),
    );
  });

  it('does not depend on the order of objects, and is the sum of its reasons', () => {
    fc.assert(
      fc.property(TEMPLATES, fc.shuffledSubarray([...PARTS, ...POLICIES]), (workload, some) => {
        const one = World.of([workload, ...some])
          .world.get(workloadRisk)
          .of(workload);
        const other = World.of([...some.toReversed(), workload])
          .world.get(workloadRisk)
          .of(workload);
        expect({ ...one, reasons: one.reasons.map(({ points, factor }) => [factor, points]) }).toEqual({
          ...other,
          reasons: other.reasons.map(({ points, factor }) => [factor, points]),
        });
        expect(one.points).toBe(one.reasons.reduce((sum, { points }) => sum + points, 0));
      }),
    );
  });

  it('is after changes what it is when everything is looked at anew', () => {
    fc.assert(
      fc.property(
        TEMPLATES,
        fc.array(fc.tuple(SOME, SOME, fc.subarray([...POLICIES])), { maxLength: 4 }),
        (workload, batches) => {
          const { world } = World.of([workload]);
          for (const [upsert, gone, policies] of batches) {
            const remove = gone.filter((each) => !upsert.includes(each)).map(({ id }) => id);
            world.apply({ upsert: [...upsert, ...policies], remove });
            const anew = World.of(world.resources()).world;
            expect(world.get(workloadRisk).of(workload)).toEqual(anew.get(workloadRisk).of(workload));
          }
        },
      ),
    );
  });
});
