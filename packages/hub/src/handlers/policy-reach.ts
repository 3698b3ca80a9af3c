import { type Direction, networkPolicies, serviceAccountOf } from '@bulwark/analyses';
import { findControls } from '@bulwark/controls';
import {
  arrayAt,
  Engine,
  get,
  labelsOf,
  Plan,
  parseKubernetesVersion,
  type Resource,
  stringAt,
  type WorldView,
} from '@bulwark/core';
import type { PassportContext } from './passport-context.ts';
import { listed, named } from './words.ts';

const NETWORK_POLICY = 'networking.k8s.io/NetworkPolicy';

const LIMITS: Readonly<Record<Direction, string>> = {
  ingress: 'what may connect to it',
  egress: 'what it may connect to',
};

/** What network policies make of a workload, in sentences. */
export function policySentences(
  resource: Resource,
  { world, isSeen, isWhole }: PassportContext,
): readonly string[] {
  const { namespace, workloads } = resource;
  if (workloads.length > 0 && workloads.every(({ spec }) => spec['hostNetwork'] === true))
    return ["No network policy holds for it: it uses its node's network."];
  if (!isSeen(NETWORK_POLICY)) return ['Which network policies hold for it is not known: they are not seen.'];
  const index = world.get(networkPolicies);
  const sentences = (['ingress', 'egress'] as const).map((direction) => {
    const names = workloads.flatMap(({ metadata }) =>
      index.selecting(namespace, labelsOf(metadata), direction).map(({ name }) => name),
    );
    const policies = [...new Set(names)].sort();
    return policies.length === 0
      ? `No network policy limits ${LIMITS[direction]}.`
      : `Network ${policies.length === 1 ? 'policy' : 'policies'} ${listed(policies)} ${policies.length === 1 ? 'limits' : 'limit'} ${LIMITS[direction]}.`;
  });
  const others = index.otherPolicies(namespace).map(({ kind, name }) => `${kind} ${name}`);
  if (others.length > 0)
    sentences.push(`${listed(others)} may hold for it as well: these kinds are not evaluated.`);
  if (!isWhole) sentences.push('Policies for the whole cluster are not shown: you see some namespaces only.');
  return sentences;
}

/** What a workload reaches that is worth a sentence: the metadata of its node, and the API server. */
export function egressSentences(resource: Resource, context: PassportContext): readonly string[] {
  return [...metadataSentences(resource, context), ...tokenSentences(resource, context.world)];
}

/** The control decides; here it only speaks. */
const METADATA = findControls('metadata-api-reachable');

function metadataSentences(resource: Resource, { world, isSeen }: PassportContext): readonly string[] {
  const newest = parseKubernetesVersion('latest');
  if (!isSeen(NETWORK_POLICY) || !newest.ok) return [];
  const engine = new Engine(new Plan(METADATA), newest.value, world);
  const sentences: string[] = [];
  engine.evaluate(resource, (_control, { verdict, reason, violations }) => {
    const why = violations[0]?.facts['reason'];
    if (verdict === 'fail')
      sentences.push(`It may reach the cloud metadata of its node at 169.254.169.254: ${String(why)}.`);
    if (verdict === 'pass') sentences.push('Its network policies keep it from 169.254.169.254.');
    if (verdict === 'not-applicable' && reason !== undefined)
      sentences.push(`Whether it reaches the cloud metadata at 169.254.169.254 is not known: ${reason}`);
  });
  return sentences;
}

function tokenSentences({ workloads, namespace }: Resource, world: WorldView): readonly string[] {
  return workloads.map(({ spec }) => {
    const name = serviceAccountOf(spec);
    const account = world.find('ServiceAccount', namespace, name);
    const automatic =
      get(spec, 'automountServiceAccountToken') ??
      get(account?.object, 'automountServiceAccountToken') ??
      true;
    const projected = (arrayAt(spec, 'volumes') ?? []).filter((volume) =>
      (arrayAt(volume, 'projected', 'sources') ?? []).some(
        (source) => get(source, 'serviceAccountToken') !== undefined,
      ),
    );
    if (automatic !== false)
      return `Its containers hold a token of service account ${name} for the API server.`;
    return projected.length === 0
      ? `No token of service account ${name} is mounted.`
      : `A token of service account ${name} is in ${named(
          'volume',
          projected.map((volume) => stringAt(volume, 'name') ?? ''),
        )}.`;
  });
}
