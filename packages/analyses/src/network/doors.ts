import {
  type Analysis,
  arrayAt,
  get,
  type Json,
  objectAt,
  type Resource,
  stringAt,
  type WorldView,
} from '@bulwark/core';
import { ingressBackends } from '../context/ingress.ts';
import { gatewayRoutes, type RouteToService } from './gateway-routes.ts';
import { ingressClassOf } from './ingress-paths.ts';
import { isPrivateAddress, loadBalancerReach } from './load-balancer-reach.ts';

/** Who outside the cluster a door is open to: anybody, or a private network or listed addresses only. */
export type Width = 'internet' | 'outside';

/** A way into the cluster to a workload. */
export interface Door {
  readonly width: Width;
  /** Whether who connects is seen with an address of its own, and not as a proxy of the cluster. */
  readonly isDirect: boolean;
  /** Whom it is open to, and by what, in words: "open to" the Internet "by Service cart". */
  readonly to: string;
  readonly by: string;
  readonly objects: readonly Resource[];
}

/** Whether a door is open to more than another; of equals the first by its objects. */
export function isWiderThan(a: Door, b: Door): boolean {
  if (a.width !== b.width) return a.width === 'internet';
  return nameOf(a) < nameOf(b);
}

function nameOf({ objects }: Door): string {
  return objects.map(({ id }) => id).join();
}

/** Whether any node has an address that is not private: then what listens on nodes is open to the Internet. */
export const nodesArePublic: Analysis<{ readonly width: Width }> = {
  id: 'nodes-are-public',
  reads: ['Node'],
  compute: (world) => ({
    width: world.list('Node').some(({ object }) =>
      (arrayAt(object, 'status', 'addresses') ?? []).some((each) => {
        const address = stringAt(each, 'address') ?? '';
        return stringAt(each, 'type') === 'ExternalIP' && address !== '' && !isPrivateAddress(address);
      }),
    )
      ? 'internet'
      : 'outside',
  }),
};

/** The ways from outside to each Service. Cost: a Service's Ingresses and routes, once. */
export const serviceDoors: Analysis<{ readonly of: (service: Resource) => readonly Door[] }> = {
  id: 'service-doors',
  reads: [ingressBackends, gatewayRoutes, nodesArePublic],
  compute(world) {
    const known = new Map<Resource, readonly Door[]>();
    return {
      of(service) {
        let doors = known.get(service);
        if (doors === undefined) {
          doors = [
            ...ownDoors(service, world),
            ...addressDoors(service),
            ...world
              .get(ingressBackends)
              .ingressesOf(service)
              .flatMap((ingress) => ingressDoor(ingress, service)),
            ...world
              .get(gatewayRoutes)
              .routesTo(service)
              .flatMap((route) => routeDoors(route, service)),
          ];
          known.set(service, doors);
        }
        return doors;
      },
    };
  },
};

function ownDoors(service: Resource, world: WorldView): Door[] {
  const type = get(service.object, 'spec', 'type');
  if (type === 'LoadBalancer') return balancerDoors(service);
  if (type !== 'NodePort') return [];
  const width = world.get(nodesArePublic).width;
  const to = width === 'internet' ? 'the Internet' : 'whoever reaches its nodes';
  const by = `by Service ${service.name}, at a port of all nodes`;
  return [{ width, isDirect: true, to, by, objects: [service] }];
}

/** Addresses that the nodes answer for, whatever the type of the Service (core/v1 ServiceSpec.externalIPs). */
function addressDoors(service: Resource): Door[] {
  const addresses = (arrayAt(service.object, 'spec', 'externalIPs') ?? []).filter(
    (each) => typeof each === 'string',
  );
  if (addresses.length === 0) return [];
  const width = widthOf(addresses);
  const by = `by Service ${service.name}, at ${addresses.slice(0, 2).join(' and ')}`;
  return [{ width, isDirect: true, to: nameOfWidth(width), by, objects: [service] }];
}

function nameOfWidth(width: Width): string {
  return width === 'internet' ? 'the Internet' : 'a private network';
}

function balancerDoors(service: Resource): Door[] {
  const reach = loadBalancerReach(service);
  const addresses = addressesOf(service.object);
  if (isIdle(service, addresses)) return [];
  const at = addresses.length === 0 ? '' : ` at ${addresses.slice(0, 2).join(' and ')}`;
  const to =
    reach === 'anyone'
      ? 'the Internet'
      : reach === 'some addresses'
        ? 'listed addresses'
        : 'a private network';
  return [
    {
      width: reach === 'anyone' ? 'internet' : 'outside',
      isDirect: true,
      to,
      by: `by Service ${service.name}, a load balancer${at}`,
      objects: [service],
    },
  ];
}

/** What runs in a cluster and has no address serves nobody so far; a file cannot tell. */
function isIdle({ origin }: Resource, addresses: readonly string[]): boolean {
  return origin.kind === 'cluster' && addresses.length === 0;
}

function addressesOf(object: Json): readonly string[] {
  return (arrayAt(object, 'status', 'loadBalancer', 'ingress') ?? []).flatMap(
    (each) => stringAt(each, 'ip') ?? stringAt(each, 'hostname') ?? [],
  );
}

function widthOf(addresses: readonly string[]): Width {
  return addresses.length > 0 && addresses.every(isPrivateAddress) ? 'outside' : 'internet';
}

const ALB_SCHEME = 'alb.ingress.kubernetes.io/scheme';

/** Controllers whose load balancers are private unless the Ingress says otherwise, or when it does. */
function isInternal(ingress: Resource): boolean {
  const annotations = objectAt(ingress.object, 'metadata', 'annotations');
  const scheme = stringAt(annotations, ALB_SCHEME);
  if (scheme !== undefined) return scheme !== 'internet-facing';
  return (
    ['alb', 'gce-internal'].includes(ingressClassOf(ingress)) ||
    stringAt(annotations, 'appgw.ingress.kubernetes.io/use-private-ip') === 'true'
  );
}

function ingressDoor(ingress: Resource, service: Resource): Door[] {
  const addresses = addressesOf(ingress.object);
  if (isIdle(ingress, addresses)) return [];
  const width = isInternal(ingress) ? 'outside' : widthOf(addresses);
  const by = `by Ingress ${ingress.name} and Service ${service.name}`;
  return [{ width, isDirect: false, to: nameOfWidth(width), by, objects: [ingress, service] }];
}

function routeDoors({ route, gateways }: RouteToService, service: Resource): Door[] {
  return gateways.flatMap((gateway): Door[] => {
    const addresses = [
      ...(arrayAt(gateway.object, 'status', 'addresses') ?? []),
      ...(arrayAt(gateway.object, 'spec', 'addresses') ?? []),
    ].flatMap((each) => stringAt(each, 'value') ?? []);
    if (isIdle(gateway, addresses)) return [];
    const width = widthOf(addresses);
    const by = `by Gateway ${gateway.name}, ${route.kind} ${route.name} and Service ${service.name}`;
    return [{ width, isDirect: false, to: nameOfWidth(width), by, objects: [gateway, route, service] }];
  });
}
