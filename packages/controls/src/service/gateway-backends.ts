import { arrayAt, get, kinds, type ObjectView, type Path, type Resource, stringAt } from '@bulwark/core';

const GROUP = 'gateway.networking.k8s.io';

/** The routes of the Gateway API. */
export const routeKinds = kinds(
  ...['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].map((kind) => `${GROUP}/${kind}`),
);

/** A Service that a route names. */
export interface RouteBackend {
  /** Path of the reference from the route's root. */
  readonly path: Path;
  readonly namespace: string;
  readonly name: string;
  readonly port: number | undefined;
  /** Undefined when it is not in the World. */
  readonly service: Resource | undefined;
}

/** The Services that a route names; backends of other kinds are left out. */
export function routeBackends({ resource, world }: ObjectView): readonly RouteBackend[] {
  return (arrayAt(resource.object, 'spec', 'rules') ?? []).flatMap((rule, at) =>
    (arrayAt(rule, 'backendRefs') ?? []).flatMap((reference, index): RouteBackend[] => {
      const name = stringAt(reference, 'name');
      const isService =
        (stringAt(reference, 'group') ?? '') === '' &&
        (stringAt(reference, 'kind') ?? 'Service') === 'Service';
      if (name === undefined || !isService) return [];
      const namespace = stringAt(reference, 'namespace') ?? resource.namespace;
      const port = get(reference, 'port');
      return [
        {
          path: ['spec', 'rules', at, 'backendRefs', index],
          namespace,
          name,
          port: typeof port === 'number' ? port : undefined,
          service: world.find('Service', namespace, name),
        },
      ];
    }),
  );
}
