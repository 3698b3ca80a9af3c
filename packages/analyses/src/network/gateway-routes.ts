import { type Analysis, arrayAt, type Resource, stringAt } from '@bulwark/core';

const GROUP = 'gateway.networking.k8s.io';
/** Routes of the Gateway API that lead to Services. */
export const ROUTE_KINDS = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].map(
  (kind) => `${GROUP}/${kind}`,
);
export const GATEWAY = `${GROUP}/Gateway`;

/** A route to a Service, and the Gateways in front of it that are in the World. */
export interface RouteToService {
  readonly route: Resource;
  readonly gateways: readonly Resource[];
}

/** Which routes lead to which Services. Cost: linear in backends. */
export const gatewayRoutes: Analysis<{ routesTo(service: Resource): readonly RouteToService[] }> = {
  id: 'gateway-routes',
  reads: [...ROUTE_KINDS, GATEWAY],
  compute(world) {
    const byService = new Map<string, Map<string, RouteToService>>();
    for (const route of ROUTE_KINDS.flatMap((kind) => world.list(kind))) {
      const gateways = (arrayAt(route.object, 'spec', 'parentRefs') ?? []).flatMap((parent) => {
        // A route whose parent is a Service belongs to a mesh: it lets nobody in.
        if ((stringAt(parent, 'kind') ?? 'Gateway') !== 'Gateway') return [];
        const namespace = stringAt(parent, 'namespace') ?? route.namespace;
        return world.find(GATEWAY, namespace, stringAt(parent, 'name') ?? '') ?? [];
      });
      for (const key of servicesOf(route)) {
        const known = byService.get(key) ?? new Map<string, RouteToService>();
        byService.set(key, known.set(route.id, { route, gateways }));
      }
    }
    return {
      routesTo: ({ namespace, name }) => [...(byService.get(`${namespace}|${name}`)?.values() ?? [])],
    };
  },
};

function servicesOf({ object, namespace }: Resource): readonly string[] {
  return (arrayAt(object, 'spec', 'rules') ?? []).flatMap((rule) =>
    (arrayAt(rule, 'backendRefs') ?? []).flatMap((each) => {
      const isService =
        (stringAt(each, 'group') ?? '') === '' && (stringAt(each, 'kind') ?? 'Service') === 'Service';
      return isService ? [`${stringAt(each, 'namespace') ?? namespace}|${stringAt(each, 'name') ?? ''}`] : [];
    }),
  );
}
