import {
  type Direction,
  metadataReach,
  NETWORK_POLICY,
  networkPolicies,
  POLICY_KINDS,
  serviceAccountOf,
} from '@bulwark/analyses';
import { arrayAt, get, labelsOf, type Resource, stringAt, type Workload } from '@bulwark/core';
import { kindOf } from './convert.ts';
import type { PassportContext } from './passport-context.ts';
import { listed, named } from './words.ts';

const METADATA = 'the cloud metadata of its node';

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
    const selecting = workloads.flatMap(({ metadata }) =>
      index.selecting(namespace, labelsOf(metadata), direction),
    );
    const policies = [...new Map(selecting.map((policy) => [policy.name, policy])).values()];
    return policies.length === 0
      ? `No network policy limits ${LIMITS[direction]}.`
      : `Network ${policiesText(policies)} ${policies.length === 1 ? 'limits' : 'limit'} ${LIMITS[direction]}.`;
  });
  const others = index.otherPolicies(namespace).map(({ kind, name }) => `${kind} ${name}`);
  if (others.length > 0)
    sentences.push(`${listed(others)} may hold for it as well: these kinds are not evaluated.`);
  if (!isWhole) sentences.push('Policies for the whole cluster are not shown: you see some namespaces only.');
  return sentences;
}

function policiesText(policies: readonly Resource[]): string {
  const names = policies.map(({ name }) => name).sort();
  return `${names.length === 1 ? 'policy' : 'policies'} ${listed(names)}`;
}

/** What a workload reaches that is worth a sentence: the metadata of its node, and the API server. */
export function egressSentences(resource: Resource, context: PassportContext): readonly string[] {
  return [...metadataSentences(resource, context), ...tokenSentences(resource, context)];
}

function metadataSentences({ namespace, workloads }: Resource, context: PassportContext): readonly string[] {
  return [...new Set(workloads.map((workload) => metadataSentence(workload, namespace, context)))];
}

/** Unknown is what policies decide that are not evaluated, not seen, or not shown to who asks. */
function metadataSentence(
  workload: Workload,
  namespace: string,
  { world, isSeen, isWhole }: PassportContext,
): string {
  const { answer, address, reason, objects } = world.get(metadataReach).of(workload, namespace);
  if (answer === 'no')
    return `Network ${policiesText(objects)} ${objects.length === 1 ? 'keeps' : 'keep'} it from ${METADATA}.`;
  if (answer === 'unknown') {
    const others = objects.map(({ kind, name }) => `${kind} ${name}`);
    return `Whether it reaches ${METADATA} is not known: ${listed(others)} may decide it, and these kinds are not evaluated.`;
  }
  const reaches = `It may reach ${METADATA} at ${address}: ${reason}.`;
  if (workload.spec['hostNetwork'] === true) return reaches;
  const unseen = POLICY_KINDS.filter((kind) => !isSeen(kind));
  if (unseen.length > 0)
    return `Whether it reaches ${METADATA} is not known: ${listed([...new Set(unseen.map(kindOf))])} objects are not seen.`;
  return isWhole ? reaches : `No policy that you see keeps it from ${METADATA} at ${address}.`;
}

function tokenSentences(
  { workloads, namespace }: Resource,
  { world, isSeen }: PassportContext,
): readonly string[] {
  return workloads.map(({ spec }) => {
    const name = serviceAccountOf(spec);
    const account = world.find('ServiceAccount', namespace, name);
    const said =
      get(spec, 'automountServiceAccountToken') ?? get(account?.object, 'automountServiceAccountToken');
    if (said === undefined && account === undefined && !isSeen('ServiceAccount'))
      return `Whether its containers hold a token of service account ${name} is not known: service accounts are not seen.`;
    const automatic = said ?? true;
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
