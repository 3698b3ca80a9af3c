import {
  INGRESS_KINDS,
  ingressBackends,
  ingressClassOf,
  loadBalancerReach,
  type PodSubject,
  serviceTargets,
} from '@bulwark/analyses';
import {
  defineControl,
  kinds,
  type ObjectView,
  type Path,
  type Resource,
  stringAt,
  textsParam,
} from '@bulwark/core';
import { annotation, isForLocalNames } from './ingress-fields.ts';
import { sensitiveInterfaces } from './sensitive-interfaces.ts';

/** Annotations by which an Ingress asks for a login or limits who may connect. */
const GUARDS = [
  'nginx.ingress.kubernetes.io/auth-url',
  'nginx.ingress.kubernetes.io/auth-type',
  'nginx.ingress.kubernetes.io/auth-tls-secret',
  'nginx.ingress.kubernetes.io/whitelist-source-range',
  'nginx.ingress.kubernetes.io/allowlist-source-range',
  'traefik.ingress.kubernetes.io/router.middlewares',
  'haproxy.org/auth-type',
  'haproxy.org/allow-list',
  'haproxy-ingress.github.io/auth-url',
  'haproxy-ingress.github.io/auth-secret',
  'haproxy-ingress.github.io/allowlist-source-range',
  'nginx.org/basic-auth-secret',
  'nginx.org/policies',
  'alb.ingress.kubernetes.io/auth-type',
  'alb.ingress.kubernetes.io/inbound-cidrs',
  'konghq.com/plugins',
];
const INSIDE = /internal|private|tailscale/;

function isGuarded(ingress: Resource): boolean {
  if (isForLocalNames(ingress) || INSIDE.test(ingressClassOf(ingress))) return true;
  if (
    ingressClassOf(ingress) === 'alb' &&
    annotation(ingress, 'alb.ingress.kubernetes.io/scheme') !== 'internet-facing'
  )
    return true;
  return GUARDS.some((name) => annotation(ingress, name) !== '');
}

interface Opening {
  readonly path: Path;
  readonly pods: readonly PodSubject[];
}

/** Where an object opens pods to those outside the cluster. */
function openings({ resource, world }: ObjectView): readonly Opening[] {
  const targets = world.get(serviceTargets);
  if (resource.groupKind !== 'Service')
    return world
      .get(ingressBackends)
      .backendsOf(resource)
      .map(({ path, service }) => ({ path, pods: service === undefined ? [] : targets.targetsOf(service) }));
  return [{ path: ['spec', 'type'], pods: targets.targetsOf(resource) }];
}

function isOpen(resource: Resource): boolean {
  if (resource.groupKind !== 'Service') return !isGuarded(resource);
  return stringAt(resource.object, 'spec', 'type') === 'NodePort' || loadBalancerReach(resource) === 'anyone';
}

export const exposedSensitiveInterface = defineControl({
  id: 'exposed-sensitive-interface',
  aliases: ['kubescape:C-0021'],
  title: 'Interfaces made for a trusted network must not be published',
  problem: 'publish an interface that is made for a trusted network',
  message: '{resource} publishes {interface} of {workload}, which is made for a trusted network.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Such interfaces run jobs and models, change the cluster, or show what runs in it, and most ask for no login as shipped. Scanners look for them, and miners have got into many clusters by them.',
  remediation:
    'Keep the Service at ClusterIP and reach it with kubectl port-forward, or put a login in front: by the annotations of the ingress controller or an authenticating proxy. Limit load balancers to the addresses that need them. Exempt what has its own login switched on.',
  references: [
    'https://www.microsoft.com/en-us/security/blog/2021/03/23/secure-containerized-environments-with-updated-threat-matrix-for-kubernetes/',
  ],
  attack: ['T1133', 'T1190'],
  params: {
    images: textsParam('Ends of the image repositories of further interfaces that must not be published.', {
      default: [],
    }),
  },
  appliesTo: kinds('Service', ...INGRESS_KINDS),
  looks: 'world',
  reads: [serviceTargets, ingressBackends, sensitiveInterfaces],
  notApplicable: ({ resource }) =>
    isOpen(resource) ? undefined : 'It is open to no one outside, or asks for a login.',
  *evaluate(view) {
    for (const { path, pods } of openings(view)) {
      const found = view.world.get(sensitiveInterfaces).firstOf(pods, view.params.images);
      if (found !== undefined) yield view.at(path, { interface: found.name, workload: found.workload });
    }
  },
});
