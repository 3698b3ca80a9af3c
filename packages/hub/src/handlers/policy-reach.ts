import {
  type Direction,
  metadataReach,
  NETWORK_POLICY,
  networkPolicies,
  POLICY_KINDS,
  serviceAccountOf,
} from '@bulwark/analyses';
import { arrayAt, get, type Labels, labelsOf, type Resource, stringAt, type Workload } from '@bulwark/core';
import { kindOf } from './convert.ts';
import { groupBy } from './group-by.ts';
import type { LabelledPod, PassportContext } from './passport-context.ts';
import { listed, named } from './words.ts';

const METADATA = 'the cloud metadata of its node';

const LIMITS: Readonly<Record<Direction, (whom: string) => string>> = {
  ingress: (whom) => `what may connect to ${whom}`,
  egress: (whom) => `what ${whom} may connect to`,
};

/** So many pods are named where something is so for some of them. */
const MOST_NAMED = 10;

/** What policies select: each pod, or what a template would make where no pod is seen. */
type Selected = Pick<LabelledPod, 'labels'> & Partial<LabelledPod>;

function selectable({ workloads }: Resource, pods: PassportContext['pods'] = []): readonly Selected[] {
  return pods.length > 0 ? pods : workloads.map(({ metadata }) => ({ labels: labelsOf(metadata) }));
}

/** What network policies make of a workload, in sentences. */
export function policySentences(
  resource: Resource,
  { world, isSeen, isWhole, pods }: PassportContext,
): readonly string[] {
  const { namespace, workloads } = resource;
  if (workloads.length > 0 && workloads.every(({ spec }) => spec['hostNetwork'] === true))
    return ["No network policy holds for it: it uses its node's network."];
  if (!isSeen(NETWORK_POLICY)) return ['Which network policies hold for it is not known: they are not seen.'];
  const index = world.get(networkPolicies);
  const all = selectable(resource, pods);
  const sentences = (['ingress', 'egress'] as const).flatMap((direction) => {
    const selected = all.flatMap((pod) =>
      index.selecting(namespace, pod.labels, direction).map((policy) => ({ policy, pod })),
    );
    if (selected.length === 0) return [`No network policy limits ${LIMITS[direction]('it')}.`];
    const byPolicy = groupBy(selected, ({ policy }) => policy.id).values();
    const alike = groupBy(byPolicy, (each) => JSON.stringify(each.map(({ pod }) => all.indexOf(pod))));
    return [...alike.values()].map((each) => {
      const policies = each.flatMap(([first]) => first?.policy ?? []);
      const some = someOf(each[0]?.map(({ pod }) => pod) ?? [], all);
      const limits = `Network ${policiesText(policies)} ${policies.length === 1 ? 'limits' : 'limit'}`;
      return some === undefined
        ? `${limits} ${LIMITS[direction]('it')}.`
        : `${limits} ${LIMITS[direction](some.what)}: ${some.names}.`;
    });
  });
  const others = index.otherPolicies(namespace).map(({ kind, name }) => `${kind} ${name}`);
  if (others.length > 0)
    sentences.push(`${listed(others)} may hold for it as well: these kinds are not evaluated.`);
  if (!isWhole) sentences.push('Policies for the whole cluster are not shown: you see some namespaces only.');
  return sentences;
}

/** Some of the pods in words, and their names; undefined for all of them, and for templates, of which it is not known what they made. */
export function someOf(
  pods: readonly Selected[],
  all: readonly Selected[],
): { readonly what: string; readonly names: string } | undefined {
  const names = pods.flatMap(({ name }) => name ?? []);
  if (pods.length === all.length || names.length === 0) return undefined;
  const more = names.length - MOST_NAMED;
  const shown = more > 0 ? [...names.slice(0, MOST_NAMED), `${more} more`] : names;
  return { what: `some of its pods (${pods.length} of ${all.length})`, names: listed(shown) };
}

function policiesText(policies: readonly Resource[]): string {
  const names = policies.map(({ name }) => name).sort();
  return `${names.length === 1 ? 'policy' : 'policies'} ${listed(names)}`;
}

/** Whether a workload reaches the metadata of its nodes. */
export function metadataSentences(resource: Resource, context: PassportContext): readonly string[] {
  const { namespace, workloads } = resource;
  const all = selectable(resource, context.pods);
  const told = all.flatMap((pod) =>
    madeBy(workloads, pod.labels).map((workload) => ({
      pod,
      sentence: metadataSentence({ ...workload, metadata: { labels: pod.labels } }, namespace, context),
    })),
  );
  return [...groupBy(told, ({ sentence }) => sentence)].map(([sentence, each]) => {
    const some = someOf([...new Set(each.map(({ pod }) => pod))], all);
    return some === undefined ? sentence : `${sentence} That is so for ${some.what}: ${some.names}.`;
  });
}

/** The templates that may have made a pod: those whose labels it has; all where it has those of none any more. */
function madeBy(workloads: readonly Workload[], labels: Labels): readonly Workload[] {
  const fitting = workloads.filter(({ metadata }) =>
    Object.entries(labelsOf(metadata)).every(([key, value]) => labels[key] === value),
  );
  return fitting.length > 0 ? fitting : workloads;
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

/** Whether the containers of a workload may speak to the API server, and as whom. */
export function tokenSentences(
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
