import {
  arrayAt,
  compileSelector,
  get,
  isObject,
  type Json,
  type JsonObject,
  kinds,
  type Path,
  type Resource,
  stringAt,
} from '@bulwark/core';
import { isEveryAddress, isWithin, parseCidr } from './cidr.ts';
import { type Direction, directionsOf } from './policies.ts';

/** Kubernetes' own policies, and where they were served until 1.16. */
export const networkPolicyKinds = kinds('networking.k8s.io/NetworkPolicy', 'extensions/NetworkPolicy');

/** One rule of a NetworkPolicy. */
export interface PolicyRule {
  readonly direction: Direction;
  /** Path from the policy's root. */
  readonly path: Path;
  /** Undefined for everyone. */
  readonly peers: readonly Peer[] | undefined;
  /** Undefined for every port of every protocol. */
  readonly ports: readonly Json[] | undefined;
}

/** One source or destination of a rule. */
export interface Peer {
  readonly path: Path;
  readonly spec: JsonObject;
}

/** The rules of a policy for the directions in which it holds; those of another direction are ignored. */
export function rulesOf(policy: Resource): readonly PolicyRule[] {
  return directionsOf(policy).flatMap((direction) =>
    (arrayAt(policy.object, 'spec', direction) ?? []).flatMap((rule, index) =>
      isObject(rule) ? [toRule(rule, direction, ['spec', direction, index])] : [],
    ),
  );
}

function toRule(rule: JsonObject, direction: Direction, path: Path): PolicyRule {
  const field = direction === 'ingress' ? 'from' : 'to';
  const listed = arrayAt(rule, field) ?? [];
  const ports = arrayAt(rule, 'ports') ?? [];
  const peers = listed.flatMap((spec, index) =>
    isObject(spec) ? [{ path: [...path, field, index], spec }] : [],
  );
  return {
    direction,
    path,
    peers: listed.length === 0 ? undefined : peers,
    ports: ports.length === 0 ? undefined : ports,
  };
}

/** Whether a policy selects every pod of its namespace: its selector is empty or missing. */
export function selectsWholeNamespace(policy: Resource): boolean {
  return isEmptySelector(get(policy.object, 'spec', 'podSelector'));
}

function isEmptySelector(raw: Json | undefined): boolean {
  const selector = compileSelector(raw, { absent: 'everything' });
  return selector.ok && selector.value.empty;
}

/** A rule that restricts neither who nor which port. */
export interface OpenRule {
  readonly path: Path;
  /** Who it lets through, in words. */
  readonly peer: string;
}

/** The places of a policy that let everyone through on every port. */
export function* openRulesOf(policy: Resource, direction: Direction): Generator<OpenRule> {
  for (const { direction: own, path, peers, ports } of rulesOf(policy)) {
    if (own !== direction) continue;
    // A protocol without a port is every port of it.
    if (ports?.every((port) => (get(port, 'port') ?? undefined) !== undefined)) continue;
    if (peers === undefined) yield { path, peer: 'everyone' };
    for (const peer of peers ?? []) {
      const name = everyoneOf(peer);
      if (name !== undefined) yield { path: peer.path, peer: name };
    }
  }
}

function everyoneOf({ spec }: Peer): string | undefined {
  const range = parseCidr(stringAt(spec, 'ipBlock', 'cidr') ?? '');
  if (range !== undefined) {
    const excepted = arrayAt(spec, 'ipBlock', 'except') ?? [];
    return isEveryAddress(range) && excepted.length === 0 ? 'every address' : undefined;
  }
  const ofEveryNamespace = isObject(spec['namespaceSelector']) && isEmptySelector(spec['namespaceSelector']);
  return ofEveryNamespace && isEmptySelector(spec['podSelector']) ? 'every pod of the cluster' : undefined;
}

/** Whether a rule lets a port through; a port by name is the one that has this name by custom. */
export function allowsPort({ ports }: PolicyRule, protocol: string, number: number, names: RegExp): boolean {
  if (ports === undefined) return true;
  return ports.some((entry) => {
    if ((stringAt(entry, 'protocol') ?? 'TCP') !== protocol) return false;
    const port = get(entry, 'port') ?? undefined;
    if (typeof port === 'string') return names.test(port);
    if (typeof port !== 'number') return port === undefined;
    const end = get(entry, 'endPort');
    return number >= port && number <= (typeof end === 'number' ? end : port);
  });
}

/** Whether a rule lets an address outside the cluster through; a selector never does. */
export function allowsAddress({ peers }: PolicyRule, address: string): boolean {
  if (peers === undefined) return true;
  const single = parseCidr(`${address}/${address.includes(':') ? 128 : 32}`);
  return peers.some(({ spec }) => {
    const range = parseCidr(stringAt(spec, 'ipBlock', 'cidr') ?? '');
    if (range === undefined || single === undefined || !isWithin(single, range)) return false;
    return !(arrayAt(spec, 'ipBlock', 'except') ?? []).some((item) => {
      const excepted = typeof item === 'string' ? parseCidr(item) : undefined;
      return excepted !== undefined && isWithin(single, excepted);
    });
  });
}
