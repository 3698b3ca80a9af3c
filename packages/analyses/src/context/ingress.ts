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

const INGRESS = 'networking.k8s.io/Ingress';
const SERVICE = 'Service';

/** A Service that an Ingress names. */
export interface IngressBackend {
  readonly ingress: Resource;
  /** Path of the reference from the Ingress's root. */
  readonly path: Path;
  readonly serviceName: string;
  /** Undefined when it is not in the World. */
  readonly service: Resource | undefined;
}

/** The Services that Ingresses lead to. */
export interface IngressBackends {
  readonly backends: readonly IngressBackend[];
  ingressesOf(service: Resource): readonly Resource[];
}

interface Reference {
  readonly path: Path;
  readonly serviceName: string;
}

/** The Service of a backend: `service.name` in v1, `serviceName` in v1beta1. */
function reference(backend: Json | undefined, path: Path): Reference[] {
  if (!isObject(backend)) return [];
  const serviceName = stringAt(backend, 'service', 'name') ?? stringAt(backend, 'serviceName');
  return serviceName === undefined ? [] : [{ path, serviceName }];
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

/** Ingress backends and the Services that they name; `extensions/v1beta1` Ingresses are of another group. */
export const ingressBackends: Analysis<IngressBackends> = {
  id: 'ingress-backends',
  reads: [INGRESS, SERVICE],
  compute(world) {
    const backends = world.list(INGRESS).flatMap((ingress) =>
      references(ingress).map(({ path, serviceName }): IngressBackend => {
        return { ingress, path, serviceName, service: world.find(SERVICE, ingress.namespace, serviceName) };
      }),
    );
    return {
      backends,
      ingressesOf: (service) => [
        ...new Set(
          backends.filter((backend) => backend.service?.id === service.id).map(({ ingress }) => ingress),
        ),
      ],
    };
  },
};
