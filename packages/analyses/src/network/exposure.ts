import {
  type Analysis,
  arrayAt,
  get,
  isObject,
  type JsonObject,
  labelsOf,
  oncePerObject,
  type Resource,
  stringAt,
  type Workload,
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

/** From most to least; `addresses` are listed ones. */
const LETS = ['everyone', 'addresses', 'pods', 'nobody'] as const;

/** What policies make of those who would connect. */
interface Gate {
  readonly lets: (typeof LETS)[number];
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
  const services = world.get(serviceTargets).servicesOf({ resource });
  const doors = [...services.flatMap(world.get(serviceDoors).of), ...hostDoors(resource, world)];
  let widest: Door | undefined;
  for (const each of doors)
    for (const door of through(gate, each))
      if (widest === undefined || isWiderThan(door, widest)) widest = door;
  if (widest === undefined) return inside(gate);
  const { width, to, by, objects } = widest;
  return { reach: width, text: `open to ${to} ${by}`, objects };
}

/**
 * What policies leave of a door. Who comes straight from outside meets them with an address of its own; a proxy of the
 * cluster is a pod, and which pods it may be is not looked at.
 */
function through({ lets, policies }: Gate, door: Door): Door[] {
  if (lets === 'nobody' || (lets === 'pods' && door.isDirect)) return [];
  if (lets !== 'addresses' || !door.isDirect || door.width !== 'internet') return [door];
  const to = `addresses that network ${namesOf(policies)} ${policies.length === 1 ? 'lists' : 'list'}`;
  return [{ ...door, width: 'outside', to, objects: [...door.objects, ...policies] }];
}

function namesOf(policies: readonly Resource[]): string {
  const names = policies.map(({ name }) => name).sort();
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `${names.length === 1 ? 'policy' : 'policies'} ${names.slice(0, MOST_NAMES).join(', ')}${more}`;
}

function inside({ lets, policies }: Gate): Exposure {
  if (lets === 'everyone')
    return {
      reach: 'cluster',
      text: 'open to every pod of the cluster: no network policy limits who connects',
      objects: [],
    };
  const verb = policies.length === 1 ? 'lets' : 'let';
  return lets === 'nobody'
    ? {
        reach: 'none',
        text: `nobody can connect: network ${namesOf(policies)} ${verb} nobody in`,
        objects: policies,
      }
    : {
        reach: 'limited',
        text: `open only to what network ${namesOf(policies)} ${verb} in`,
        objects: policies,
      };
}

/** A pod in its node's network, or with a port of it, is reached at the node's addresses. */
function hostDoors({ workloads }: Resource, world: WorldView): Door[] {
  if (!workloads.some(isOnHost)) return [];
  const width = world.get(nodesArePublic).width;
  const to = width === 'internet' ? 'the Internet' : 'whoever reaches its nodes';
  return [{ width, isDirect: true, to, by: 'by ports of its nodes', objects: [] }];
}

function isOnHost({ spec, containers }: Workload): boolean {
  const isInNetwork = spec['hostNetwork'] === true;
  for (const container of containers) {
    const ports = arrayAt(container.spec, 'ports');
    if (ports === undefined) continue;
    if (isInNetwork || ports.some((port) => Number(get(port, 'hostPort') ?? 0) > 0)) return true;
  }
  return false;
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
    gates.toSorted((a, b) => LETS.indexOf(a.lets) - LETS.indexOf(b.lets))[0] ??
    OPEN
  );
}

const gateAmong = oncePerObject((policies: readonly Resource[]): Gate => {
  if (policies.length === 0) return OPEN;
  const rules = policies.flatMap(({ object }) => (arrayAt(object, 'spec', 'ingress') ?? []).filter(isObject));
  if (rules.length === 0) return { lets: 'nobody', policies };
  const lets = rules.map(letsOfRule);
  return { lets: LETS.find((each) => lets.includes(each)) ?? 'pods', policies };
});

function letsOfRule(rule: JsonObject): Gate['lets'] {
  const peers = arrayAt(rule, 'from') ?? [];
  if (peers.length === 0) return 'everyone';
  const ranges = peers.flatMap((peer) => stringAt(peer, 'ipBlock', 'cidr') ?? []);
  if (ranges.some((range) => EVERY_ADDRESS.has(range))) return 'everyone';
  return ranges.length > 0 ? 'addresses' : 'pods';
}

const EVERY_ADDRESS = new Set(['0.0.0.0/0', '::/0']);
