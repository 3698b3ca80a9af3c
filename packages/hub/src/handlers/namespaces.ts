import { POLICY_KINDS } from '@bulwark/analyses';
import {
  clusterRules,
  compileSelector,
  get,
  type KubernetesVersion,
  NAMESPACE_FIELDS,
  objectAt,
  type Selector,
  stringAt,
} from '@bulwark/core';
import {
  type BodyGroup,
  bodyGroupsOf,
  clusterFacts,
  listNamespaces,
  type NamespaceRecord,
  type Scope,
  type Store,
} from '@bulwark/store';
import { BodyFacts } from './body-facts.ts';
import { clusterOf, countsOf, iso, kindOf, severityOf } from './convert.ts';
import { groupBy } from './group-by.ts';
import { listRequestOf } from './list-request.ts';
import { unseenAmong } from './passport-context.ts';
import { type Enforced, enforcedBy, levelOf, type PodFacts, podFacts } from './pod-security.ts';
import { type Refused, refusedIn } from './refused-pods.ts';
import { WORKLOAD_KINDS } from './unseen-kind.ts';
import { listed } from './words.ts';

/** What a list is asked with, as the contract gives it. */
export interface ListInput {
  readonly q?: string | undefined;
  readonly sort?: string | undefined;
  readonly limit?: number;
  readonly cursor?: string | undefined;
  readonly asOf?: string | undefined;
  readonly since?: string | undefined;
  readonly namespace?: string | undefined;
}

interface Contents {
  readonly workloads: number;
  readonly pods: number;
  readonly failing: ReadonlySet<string>;
  /** The controls that each body of it fails by the rules that the namespace enforces, by the hash of the body. */
  readonly failed: ReadonlyMap<string, readonly string[]>;
  readonly hasPolicies: boolean;
}

const EMPTY: Contents = {
  workloads: 0,
  pods: 0,
  failing: new Set(),
  failed: new Map(),
  hasPolicies: false,
};
/** Of the kinds that decide what is said of a namespace, those that are not seen in its cluster. */
interface Unseen {
  readonly policies: readonly string[];
  /** With pods. */
  readonly workloads: readonly string[];
}

const NOTHING_UNSEEN: Unseen = { policies: [], workloads: [] };
/** Names that a page gives of what is refused, and how many of them each item has at least. */
const MOST_REFUSED = 2000;
const LEAST_REFUSED = 20;

/** Namespaces, with what is in each and the strictest Pod Security level that all of it would pass. */
export async function namespaceItems(store: Store, scope: Scope, query: ListInput, now: Date) {
  const request = listRequestOf(query, NAMESPACE_FIELDS, now);
  const page = await listNamespaces(store, scope, request);
  const [contents, facts] = await Promise.all([
    contentsOf(store, scope, { namespaces: page.items, asOf: request.asOf }),
    clusterFacts(store, scope, request.asOf),
  ]);
  const unseen = new Map(
    facts.map((cluster) => [
      cluster.id,
      {
        policies: unseenAmong(cluster, POLICY_KINDS),
        workloads: unseenAmong(cluster, WORKLOAD_KINDS),
      },
    ]),
  );
  const refused = await refusedIn(
    store,
    scope,
    page.items.map((record) => ({
      clusterId: record.clusterId,
      namespace: record.name,
      level: enforcedIn(record).level,
      failed: contents.get(keyOf(record))?.failed ?? EMPTY.failed,
    })),
    request.asOf,
  );
  const named = Math.max(LEAST_REFUSED, Math.floor(MOST_REFUSED / page.items.length));
  return {
    ...page,
    items: page.items.map((record, index) =>
      itemOf(record, contents.get(keyOf(record)) ?? EMPTY, {
        refused: refused[index] ?? [],
        named,
        unseen: unseen.get(record.clusterId) ?? NOTHING_UNSEEN,
      }),
    ),
  };
}

function enforcedIn({ labels, version }: NamespaceRecord): Enforced {
  return enforcedBy(labels, clusterRules(version).version);
}

function itemOf(
  record: NamespaceRecord,
  { workloads, pods, failing, hasPolicies }: Contents,
  {
    refused,
    named,
    unseen,
  }: { readonly refused: readonly Refused[]; readonly named: number; readonly unseen: Unseen },
) {
  const worst = record.counts.findLastIndex((count) => count > 0);
  const { level, blockedBy } = levelOf(failing);
  const enforced = enforcedIn(record);
  // Nothing that is not seen makes the least strict level less strict.
  const isKnown = unseen.workloads.length === 0 || level === 'privileged';
  return {
    cluster: clusterOf(record),
    name: record.name,
    owner: record.team,
    environment: record.environment,
    criticality: record.criticality,
    enforced: enforced.level,
    enforcedVersion: enforced.version?.text ?? null,
    possible: isKnown ? level : null,
    notKnown: isKnown ? null : notRead(unseen.workloads),
    blockedBy: [...blockedBy],
    refusedCount: refused.length,
    refused: refused.slice(0, named).map((each) => ({ ...each, controls: [...each.controls] })),
    workloads: workloads > 0 || unseen.workloads.length === 0 ? workloads : null,
    pods: unseen.workloads.includes('Pod') ? null : pods,
    // Another policy than those that are seen may select something.
    hasPolicies: hasPolicies || unseen.policies.length === 0 ? hasPolicies : null,
    worst: worst < 0 ? null : severityOf(worst),
    findings: countsOf(record.counts),
    firstSeen: iso(record.firstSeen),
  };
}

function notRead(kinds: readonly string[]): string {
  return `${listed(kinds.map((kind) => `${kindOf(kind)}s`))} could not be read`;
}

function keyOf({ clusterId, name }: { readonly clusterId: number; readonly name: string }): string {
  return `${clusterId}|${name}`;
}

/** The pods that a policy selects; undefined where it is of a kind that is recognised and not evaluated. */
const selectors = new BodyFacts<Selector | null>((body) => {
  if (!/^(networking\.k8s\.io|extensions)\//.test(stringAt(body, 'apiVersion') ?? '')) return null;
  const spec = objectAt(body, 'spec');
  const selector = compileSelector(get(spec, 'podSelector'), {
    absent: spec === undefined ? 'nothing' : 'everything',
  });
  return selector.ok ? selector.value : NOTHING;
});
const NOTHING: Selector = { requirements: [], empty: false, matches: () => false };

async function contentsOf(
  store: Store,
  scope: Scope,
  { namespaces, asOf }: { namespaces: readonly NamespaceRecord[]; asOf: Date | undefined },
): Promise<ReadonlyMap<string, Contents>> {
  const groups = await bodyGroupsOf(store, scope, {
    clusters: [...new Set(namespaces.map(({ clusterId }) => clusterId))],
    namespaces: namespaces.map(({ name }) => name),
    kinds: POLICY_KINDS,
    asOf,
  });
  const byNamespace = groupBy(groups, ({ clusterId, namespace }) => keyOf({ clusterId, name: namespace }));
  const policies = await selectors.of(
    store,
    scope,
    groups.filter(isPolicy).map(({ bodyHash }) => bodyHash),
  );
  const contents = new Map<string, Contents>();
  for (const [version, own] of groupBy(namespaces, (record) => record.version)) {
    const running = own.flatMap((record) => (byNamespace.get(keyOf(record)) ?? []).filter(isRunning));
    const rules = clusterRules(version).version;
    const factsBy = (by: KubernetesVersion, groups: readonly BodyGroup[]) =>
      podFacts(by).of(
        store,
        scope,
        groups.map(({ bodyHash }) => bodyHash),
      );
    const facts = await factsBy(rules, running);
    for (const record of own) {
      const groups = byNamespace.get(keyOf(record)) ?? [];
      const pinned = enforcedBy(record.labels, rules).version;
      const enforced = pinned === undefined ? facts : await factsBy(pinned, groups.filter(isRunning));
      contents.set(keyOf(record), contentOf(groups, { facts, enforced }, policies));
    }
  }
  return contents;
}

function isRunning({ kind, isWorkload }: BodyGroup): boolean {
  return isWorkload || kind === 'Pod';
}

function isPolicy({ kind }: BodyGroup): boolean {
  const kinds: readonly string[] = POLICY_KINDS;
  return kinds.includes(kind);
}

function contentOf(
  groups: readonly BodyGroup[],
  {
    facts,
    enforced,
  }: {
    /** By the rules of the cluster. */
    readonly facts: ReadonlyMap<string, PodFacts>;
    /** By those that the namespace enforces. */
    readonly enforced: ReadonlyMap<string, PodFacts>;
  },
  selectorsOf: ReadonlyMap<string, Selector | null>,
): Contents {
  const failing = new Set<string>();
  const failed = new Map<string, readonly string[]>();
  const labels: Readonly<Record<string, string>>[] = [];
  let workloads = 0;
  let pods = 0;
  for (const group of groups.filter(isRunning)) {
    const own = facts.get(group.bodyHash);
    for (const id of own?.failing ?? []) failing.add(id);
    failed.set(group.bodyHash, enforced.get(group.bodyHash)?.failed ?? []);
    labels.push(...(own?.labels ?? []));
    if (group.isWorkload) workloads += group.objects;
    if (group.kind === 'Pod') pods += group.objects;
  }
  const hasPolicies = groups.filter(isPolicy).some(({ bodyHash }) => {
    const selector = selectorsOf.get(bodyHash);
    // Of other kinds it is only known that they are there.
    if (selector === null) return true;
    return selector?.empty === true || labels.some((each) => selector?.matches(each) === true);
  });
  return { workloads, pods, failing, failed, hasPolicies };
}
