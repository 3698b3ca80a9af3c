import { isWithin, parseCidr } from '@bulwark/analyses';
import { arrayAt, compileSelector, get, isObject, type Json, type Path, type Resource } from '@bulwark/core';
import { hasPlaceholder } from '../manifest/placeholders.ts';

/** Something for which the API server refuses a policy. */
export interface PolicyFault {
  readonly path: Path;
  /** Completes "because ...". */
  readonly reason: string;
}

const PROTOCOLS: ReadonlySet<Json> = new Set(['TCP', 'UDP', 'SCTP']);
const HIGHEST_PORT = 65_535;

/** What the validation of networking/v1 NetworkPolicy refuses, as far as it concerns selectors, peers and ports. */
export function* policyFaults({ object }: Resource): Generator<PolicyFault> {
  const spec = get(object, 'spec');
  yield* selectorFaults(get(spec, 'podSelector'), ['spec', 'podSelector']);
  for (const [index, type] of (arrayAt(spec, 'policyTypes') ?? []).entries())
    if (type !== 'Ingress' && type !== 'Egress')
      yield { path: ['spec', 'policyTypes', index], reason: 'a type is neither Ingress nor Egress' };
  for (const [direction, field] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const)
    for (const [index, rule] of (arrayAt(spec, direction) ?? []).entries()) {
      const path = ['spec', direction, index];
      for (const [at, peer] of (arrayAt(rule, field) ?? []).entries())
        yield* peerFaults(peer, [...path, field, at]);
      for (const [at, port] of (arrayAt(rule, 'ports') ?? []).entries())
        yield* portFaults(port, [...path, 'ports', at]);
    }
}

function* selectorFaults(selector: Json | undefined, path: Path): Generator<PolicyFault> {
  if (hasPlaceholder(selector)) return;
  const compiled = compileSelector(selector, { absent: 'everything' });
  if (!compiled.ok) yield { path, reason: compiled.error.message };
}

function* peerFaults(peer: Json, path: Path): Generator<PolicyFault> {
  const [block, pods, namespaces] = ['ipBlock', 'podSelector', 'namespaceSelector'].map(
    (field) => get(peer, field) ?? undefined,
  );
  if (block === undefined && pods === undefined && namespaces === undefined)
    yield { path, reason: 'a peer is empty' };
  if (block !== undefined && (pods !== undefined || namespaces !== undefined))
    yield { path, reason: 'a peer has both an ipBlock and a selector' };
  if (pods !== undefined) yield* selectorFaults(pods, [...path, 'podSelector']);
  if (namespaces !== undefined) yield* selectorFaults(namespaces, [...path, 'namespaceSelector']);
  if (block !== undefined) yield* blockFaults(block, [...path, 'ipBlock']);
}

function* blockFaults(block: Json, path: Path): Generator<PolicyFault> {
  if (hasPlaceholder(block)) return;
  const cidr = get(block, 'cidr');
  const range = typeof cidr === 'string' ? parseCidr(cidr) : undefined;
  if (range === undefined) {
    yield { path: [...path, 'cidr'], reason: 'cidr is no range of addresses' };
    return;
  }
  for (const [index, item] of (arrayAt(block, 'except') ?? []).entries()) {
    const excepted = typeof item === 'string' ? parseCidr(item) : undefined;
    const isInside = excepted !== undefined && isWithin(excepted, range) && !isWithin(range, excepted);
    if (!isInside)
      yield { path: [...path, 'except', index], reason: 'an exception does not lie inside its range' };
  }
}

function* portFaults(entry: Json, path: Path): Generator<PolicyFault> {
  if (!isObject(entry)) return;
  const { protocol = 'TCP', port, endPort } = entry;
  if (protocol !== null && !PROTOCOLS.has(protocol))
    yield { path: [...path, 'protocol'], reason: 'a protocol is none of TCP, UDP and SCTP' };
  if (typeof port === 'number' && (port < 1 || port > HIGHEST_PORT))
    yield { path: [...path, 'port'], reason: 'a port is not between 1 and 65535' };
  if (endPort === undefined || endPort === null) return;
  if (typeof port !== 'number')
    yield { path: [...path, 'endPort'], reason: 'endPort needs a port that is a number' };
  else if (typeof endPort !== 'number' || endPort < port || endPort > HIGHEST_PORT)
    yield { path: [...path, 'endPort'], reason: 'endPort is below its port or above 65535' };
}
