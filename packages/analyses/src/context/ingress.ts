import {
  type Analysis,
  arrayAt,
  get,
  isObject,
  type Json,
  type Path,
  type Resource,
  stringAt,
} from '@bulwark/core';

/** Ingresses, and where they were served until 1.22. */
export const INGRESS_KINDS = ['networking.k8s.io/Ingress', 'extensions/Ingress'] as const;
const SERVICE = 'Service';

/** A Service that an Ingress names. */
export interface IngressBackend {
  readonly ingress: Resource;
  /** Path of the reference from the Ingress's root. */
  readonly path: Path;
  readonly serviceName: string;
  /** Number or name of the Service's port; undefined when the backend names none. */
  readonly port: number | string | undefined;
  /** Undefined when it is not in the World. */
  readonly service: Resource | undefined;
}

/** The Services that Ingresses lead to. */
export interface IngressBackends {
  readonly backends: readonly IngressBackend[];
  backendsOf(ingress: Resource): readonly IngressBackend[];
  ingressesOf(service: Resource): readonly Resource[];
}

type Reference = Pick<IngressBackend, 'path' | 'serviceName' | 'port'>;

/** The Service of a backend: `service` in v1, `serviceName` and `servicePort` in v1beta1. */
function reference(backend: Json | undefined, path: Path): Reference[] {
  if (!isObject(backend)) return [];
  const serviceName = stringAt(backend, 'service', 'name') ?? stringAt(backend, 'serviceName');
  if (serviceName === undefined) return [];
  const given = get(backend, 'service', 'port', 'number') ?? get(backend, 'service', 'port', 'name');
  const port = given ?? get(backend, 'servicePort');
  return [
    { path, serviceName, port: typeof port === 'number' || typeof port === 'string' ? port : undefined },
  ];
}

function references(ingress: Resource): Reference[] {
  const spec = get(ingress.object, 'spec');
  const found = [
    ...reference(get(spec, 'defaultBackend'), ['spec', 'defaultBackend']),
    ...reference(get(spec, 'backend'), ['spec', 'backend']),
  ];
  for (const [rule, each] of (arrayAt(spec, 'rules') ?? []).entries())
    for (const [index, item] of (arrayAt(each, 'http', 'paths') ?? []).entries())
      found.push(
        ...reference(get(item, 'backend'), ['spec', 'rules', rule, 'http', 'paths', index, 'backend']),
      );
  return found;
}

/** Ingress backends and the Services that they name. Cost: linear in backends. */
export const ingressBackends: Analysis<IngressBackends> = {
  id: 'ingress-backends',
  reads: [...INGRESS_KINDS, SERVICE],
  compute(world) {
    const backends: IngressBackend[] = [];
    const byIngress = new Map<string, readonly IngressBackend[]>();
    const ingresses = new Map<string, Set<Resource>>();
    for (const ingress of INGRESS_KINDS.flatMap((kind) => world.list(kind))) {
      const own = references(ingress).map((reference): IngressBackend => {
        const service = world.find(SERVICE, ingress.namespace, reference.serviceName);
        return { ingress, service, ...reference };
      });
      byIngress.set(ingress.id, own);
      for (const backend of own) {
        backends.push(backend);
        if (backend.service === undefined) continue;
        const known = ingresses.get(backend.service.id) ?? new Set();
        ingresses.set(backend.service.id, known.add(ingress));
      }
    }
    return {
      backends,
      backendsOf: (ingress) => byIngress.get(ingress.id) ?? [],
      ingressesOf: (service) => [...(ingresses.get(service.id) ?? [])],
    };
  },
};
