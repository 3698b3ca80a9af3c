import {
  INGRESS_KINDS,
  ingressBackends,
  POLICY_KINDS,
  serviceEndpoints,
  serviceTargets,
} from '@bulwark/analyses';
import {
  arrayAt,
  ENDPOINT_SLICE,
  get,
  objectAt,
  type Path,
  type Resource,
  stringAt,
  type WorldView,
} from '@bulwark/core';
import type { LabelledPod, PassportContext } from './passport-context.ts';
import { metadataSentences, policySentences, someOf, tokenSentences } from './policy-reach.ts';
import { sentencesWithPods, toldOf } from './running-pods.ts';
import { listed, named } from './words.ts';

/** Routes of the Gateway API that lead to Services. */
const ROUTES = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].map(
  (kind) => `gateway.networking.k8s.io/${kind}`,
);

/** The kinds, in the workload's own namespace, that the sentences are made of. */
export const REACH_KINDS = ['Service', 'ServiceAccount', 'LimitRange', ...INGRESS_KINDS, ...POLICY_KINDS];
/** The kinds that count from every namespace, or belong to none. */
export const WIDE_REACH_KINDS = [
  ...ROUTES,
  ENDPOINT_SLICE,
  ...POLICY_KINDS.filter((kind) => /Cluster|Global|Admin/.test(kind)),
];

/** Who reaches a workload, and what it and its pods that run reach, in sentences. */
export function reachOf(resource: Resource, context: PassportContext): readonly string[] {
  const { world, isSeen } = context;
  const found = servicesTo(resource, context);
  const services = [...found.keys()];
  const untold = isSeen('Service') ? untoldSentences(resource, context) : [];
  const unseen = ['Service', 'networking.k8s.io/Ingress'].filter((kind) => !isSeen(kind));
  return [
    ...services.map((service) => {
      const some = someOf(found.get(service) ?? [], context.pods ?? []);
      const sentence = serviceSentence(service, resource);
      return some === undefined ? sentence : `${sentence} That is so for ${some.what}: ${some.names}.`;
    }),
    ...untold,
    ...(services.length + untold.length === 0 && isSeen('Service') ? ['No Service leads to it.'] : []),
    ...services.flatMap((service) => [
      ...ingressSentences(service, world),
      ...routeSentences(service, world),
    ]),
    ...unseen.map(
      (kind) => `Whether ${kind.replace(/^.*\//, '')} objects lead to it is not known: they are not seen.`,
    ),
    ...policySentences(resource, context),
    ...metadataSentences(resource, context),
    ...sentencesWithPods(
      toldOf({ resource, running: context.running ?? [] }, (each) => tokenSentences(each, context)),
    ),
  ];
}

/**
 * The Services that lead to a workload, by its template and by its pods, which can have labels that the template has not, each with the
 * pods that it leads to.
 */
function servicesTo(
  resource: Resource,
  { world, pods = [] }: PassportContext,
): ReadonlyMap<Resource, readonly LabelledPod[]> {
  const targets = world.get(serviceTargets);
  const found = new Map<Resource, LabelledPod[]>();
  for (const service of targets.servicesOf({ resource })) found.set(service, []);
  for (const pod of pods) {
    const live = world.find('Pod', resource.namespace, pod.name);
    for (const service of live === undefined ? [] : targets.servicesOf({ resource: live }))
      found.set(service, [...(found.get(service) ?? []), pod]);
  }
  return found;
}

/** Services without a selector, of which nothing that is known says where they lead. */
function untoldSentences({ namespace }: Resource, { world, isSeen }: PassportContext): readonly string[] {
  const why = isSeen(ENDPOINT_SLICE)
    ? 'no EndpointSlice that is known names what is behind it'
    : 'EndpointSlice objects are not seen';
  const endpoints = world.get(serviceEndpoints);
  return world
    .inNamespace('Service', namespace)
    .filter((service) => endpoints.isUntold(service))
    .map(({ name }) => `Where Service ${name} leads is not known: it has no selector, and ${why}.`);
}

function serviceSentence({ name: own, namespace, object }: Resource, to: Resource): string {
  const name = namespace === to.namespace ? own : `${own} of namespace ${namespace}`;
  const spec = objectAt(object, 'spec');
  const ports = (arrayAt(spec, 'ports') ?? []).map(portText);
  const on = ports.length === 0 ? '' : ` on ${named('port', ports)}`;
  const external = texts(spec, 'externalIPs');
  const also = external.length === 0 ? '' : ` It also takes what is sent to ${listed(external)}.`;
  switch (stringAt(spec, 'type')) {
    case 'LoadBalancer':
      return `Service ${name} leads to it from outside the cluster${on}, through a load balancer${addressText(object)}${sourcesText(spec)}.${also}`;
    case 'NodePort':
      return `Service ${name} leads to it through the addresses of all nodes${on}.${also}`;
    default:
      return `Service ${name} leads to it from inside the cluster${on}.${also}`;
  }
}

function texts(value: unknown, field: string): readonly string[] {
  return (arrayAt(value, field) ?? []).filter((each) => typeof each === 'string');
}

function portText(port: unknown): string {
  const protocol = stringAt(port, 'protocol') ?? 'TCP';
  const node = get(port, 'nodePort');
  return `${JSON.stringify(get(port, 'port') ?? '?').replaceAll('"', '')}${protocol === 'TCP' ? '' : `/${protocol}`}${typeof node === 'number' ? ` (node port ${node})` : ''}`;
}

function addressText(object: Resource['object']): string {
  const found = (arrayAt(object, 'status', 'loadBalancer', 'ingress') ?? []).flatMap(
    (each) => stringAt(each, 'ip') ?? stringAt(each, 'hostname') ?? [],
  );
  return found.length === 0 ? '' : ` at ${listed(found)}`;
}

function sourcesText(spec: unknown): string {
  const ranges = texts(spec, 'loadBalancerSourceRanges');
  return ranges.length === 0 ? '' : ` and from ${listed(ranges)} only`;
}

function ingressSentences(service: Resource, world: WorldView): readonly string[] {
  const backends = world.get(ingressBackends);
  return backends.ingressesOf(service).map((ingress) => {
    const hosts = backends
      .backendsOf(ingress)
      .filter((backend) => backend.service?.id === service.id)
      .map(({ path }) => hostText(ingress, path));
    return `Ingress ${ingress.name} leads to it through Service ${service.name}, for ${listed([...new Set(hosts)])}.`;
  });
}

function hostText({ object }: Resource, path: Path): string {
  const rule = typeof path[2] === 'number' ? get(object, 'spec', 'rules', path[2]) : undefined;
  const host = stringAt(rule, 'host') ?? '';
  const entries = arrayAt(object, 'spec', 'tls') ?? [];
  const isEncrypted = entries.some((entry) => {
    const hosts = texts(entry, 'hosts');
    return hosts.length === 0 || hosts.some((each) => coversHost(each, host));
  });
  return `${host === '' ? 'every host' : host} ${isEncrypted ? 'with' : 'without'} TLS`;
}

/** A wildcard stands for one label (networking/v1 IngressTLS). */
function coversHost(pattern: string, host: string): boolean {
  return pattern === host || (pattern.startsWith('*.') && pattern.slice(1) === host.replace(/^[^.]*/, ''));
}

function routeSentences(service: Resource, world: WorldView): readonly string[] {
  return ROUTES.flatMap((kind) => world.list(kind))
    .filter((route) => leadsTo(route, service))
    .map((route) => {
      const hosts = texts(get(route.object, 'spec'), 'hostnames');
      const gateways = (arrayAt(route.object, 'spec', 'parentRefs') ?? []).map(
        (each) =>
          `${stringAt(each, 'kind') ?? 'Gateway'} ${stringAt(each, 'namespace') ?? route.namespace}/${stringAt(each, 'name') ?? ''}`,
      );
      const place = route.namespace === service.namespace ? '' : ` of namespace ${route.namespace}`;
      const behind = gateways.length === 0 ? '' : `, behind ${listed(gateways)}`;
      return `${route.kind} ${route.name}${place} leads to it through Service ${service.name}, for ${hosts.length === 0 ? 'every host' : listed(hosts)}${behind}.`;
    });
}

function leadsTo({ object, namespace }: Resource, service: Resource): boolean {
  return (arrayAt(object, 'spec', 'rules') ?? []).some((rule) =>
    (arrayAt(rule, 'backendRefs') ?? []).some(
      (each) =>
        (stringAt(each, 'kind') ?? 'Service') === 'Service' &&
        stringAt(each, 'name') === service.name &&
        (stringAt(each, 'namespace') ?? namespace) === service.namespace,
    ),
  );
}
