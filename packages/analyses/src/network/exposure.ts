import {
  type Analysis,
  arrayAt,
  get,
  isObject,
  labelsOf,
  oncePerObject,
  type Resource,
  stringAt,
  type WorldView,
} from '@bulwark/core';
import { ingressBackends } from '../context/ingress.ts';
import { type Door, isWiderThan, nodesArePublic, serviceDoors, type Width } from './doors.ts';
import { gatewayRoutes } from './gateway-routes.ts';
import { networkPolicies } from './policies.ts';
import { serviceTargets } from './services.ts';

/**
 * Who can connect to a workload: anybody; who is in a private network or at listed addresses; every pod of the cluster;
 * only whom network policies let through; nobody.
 */
export type Reach = Width | 'cluster' | 'limited' | 'none';

/** Who can connect to a workload, in words that follow its name, and the objects that decide it. */
export interface Exposure {
  readonly reach: Reach;
  readonly text: string;
  readonly objects: readonly Resource[];
}

/** What policies make of those who would connect. */
interface Gate {
  readonly lets: 'everyone' | 'addresses' | 'pods' | 'nobody';
  readonly policies: readonly Resource[];
}

const OPEN: Gate = { lets: 'everyone', policies: [] };
const MOST_NAMES = 3;

/**
 * Who can connect to each workload, by Services, Ingresses, routes and network policies. Policies of other kinds are not
 * evaluated: they may let in less. Cost: each Service's doors once, each list of policies once.
 */
export const exposures: Analysis<{ of(resource: Resource): Exposure }> = {
  id: 'exposures',
  reads: [serviceTargets, serviceDoors, networkPolicies, nodesArePublic, ingressBackends, gatewayRoutes],
  compute: (world) => ({ of: (resource) => exposureOf(resource, world) }),
};

function exposureOf(resource: Resource, world: WorldView): Exposure {
  const gate = gateOf(resource, world);
  const doors = [
    ...world.get(serviceTargets).servicesOf({ resource }).flatMap(world.get(serviceDoors).of),
    ...hostDoors(resource, world),
  ].filter(({ isDirect }) => letsIn(gate, isDirect));
  let widest: Door | undefined;
  for (const door of doors) if (widest === undefined || isWiderThan(door, widest)) widest = door;
  if (widest === undefined) return inside(gate);
  const { width, text, objects } = widest;
  return { reach: width, text, objects };
}

/** What comes straight from outside meets the policies with its own address; a proxy of the cluster is a pod. */
function letsIn({ lets }: Gate, isDirect: boolean): boolean {
  return lets === 'everyone' || lets === 'addresses' || (lets === 'pods' && !isDirect);
}

function inside({ lets, policies }: Gate): Exposure {
  const names = policies.map(({ name }) => name).sort();
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  const which = `network ${names.length === 1 ? 'policy' : 'policies'} ${names.slice(0, MOST_NAMES).join(', ')}${more}`;
  if (lets === 'everyone')
    return {
      reach: 'cluster',
      text: 'open to every pod of the cluster: no network policy limits who connects',
      objects: [],
    };
  return lets === 'nobody'
    ? { reach: 'none', text: `nobody can connect: ${which} lets nobody in`, objects: policies }
    : { reach: 'limited', text: `open only to what ${which} lets in`, objects: policies };
}

/** A pod in its node's network, or with a port of it, is reached at the node's addresses. */
function hostDoors({ workloads }: Resource, world: WorldView): Door[] {
  const isOnHost = workloads.some(
    ({ spec, containers }) =>
      (spec['hostNetwork'] === true &&
        containers.some((each) => arrayAt(each.spec, 'ports') !== undefined)) ||
      containers.some((each) =>
        (arrayAt(each.spec, 'ports') ?? []).some((port) => Number(get(port, 'hostPort') ?? 0) > 0),
      ),
  );
  if (!isOnHost) return [];
  const width = world.get(nodesArePublic).width;
  const where = width === 'internet' ? 'the Internet' : 'whoever reaches its nodes';
  return [{ width, isDirect: true, text: `open to ${where} by ports of its nodes`, objects: [] }];
}

function gateOf({ namespace, workloads }: Resource, world: WorldView): Gate {
  const index = world.get(networkPolicies);
  const gates = workloads.map(({ spec, metadata }) => {
    // Pods in the host's network are not subject to network policies.
    if (spec['hostNetwork'] === true) return OPEN;
    return gateAmong(index.selecting(namespace, labelsOf(metadata), 'ingress'));
  });
  return (
    gates.find(({ lets }) => lets === 'everyone') ??
    gates.toSorted((a, b) => ORDER.indexOf(a.lets) - ORDER.indexOf(b.lets))[0] ??
    OPEN
  );
}

const ORDER: readonly Gate['lets'][] = ['everyone', 'addresses', 'pods', 'nobody'];

const gateAmong = oncePerObject((policies: readonly Resource[]): Gate => {
  if (policies.length === 0) return OPEN;
  const rules = policies.flatMap(({ object }) => (arrayAt(object, 'spec', 'ingress') ?? []).filter(isObject));
  if (rules.length === 0) return { lets: 'nobody', policies };
  const isForAddresses = rules.some((rule) => {
    const peers = arrayAt(rule, 'from') ?? [];
    return peers.length === 0 || peers.some((peer) => stringAt(peer, 'ipBlock', 'cidr') !== undefined);
  });
  return { lets: isForAddresses ? 'addresses' : 'pods', policies };
});
