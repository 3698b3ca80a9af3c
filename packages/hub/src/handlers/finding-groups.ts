import { FINDING_FIELDS, foldCase, nameInQuery, narrowQuery, type Query, queryOfValues } from '@bulwark/core';
import {
  clusterFacts,
  type FindingGroupRecord,
  groupFindings,
  type ListedGroupRecord,
  type ListRequest,
  pageOfGroups,
  type Scope,
  sharedKindNames,
  type Times,
} from '@bulwark/store';
import type { Handlers } from '../http/handler.ts';
import { countsOf, iso, scopeFor, severityOf } from './convert.ts';
import type { KeepingSettings } from './finding-item.ts';
import { listRequestOf } from './list-request.ts';
import { takenQuery } from './taken-query.ts';

type Asked = ListRequest & Times;
type Controls = KeepingSettings['controls'];
type By = Parameters<Handlers['groupFindings']>[0]['query']['by'];

/** What changes groups. */
const TOPICS = ['findings', 'triage'] as const;

/** A request as it is for those who want everything, whatever page of it was asked for. */
export function forAll(asked: Asked): Asked {
  return { ...asked, sort: undefined, cursor: undefined, limit: 0 };
}

/** All groups of findings by control, as they are kept for all who ask for the same. */
export function groupsByControl(
  { store, answers }: Pick<KeepingSettings, 'store' | 'answers'>,
  scope: Scope,
  asked: Asked,
): Promise<readonly FindingGroupRecord[]> {
  const request = forAll(asked);
  return answers.of({ list: ['groups by control'], scope, request, topics: TOPICS }, () =>
    groupFindings(store, scope, 'control', request),
  );
}

/** Findings in groups, each with the query that finds its findings. */
export function groupHandlers({ store, controls, answers }: KeepingSettings): Handlers<'groupFindings'> {
  return {
    groupFindings: async ({ query }, { caller, now }) => {
      const { by } = query;
      const request = { ...listRequestOf(query, FINDING_FIELDS, now), sort: undefined };
      const scope = scopeFor(caller, query.cluster, query.namespace);
      const [{ items, ...page }, clusters, sharedKinds] = await Promise.all([
        answers.of({ list: ['page of groups', by], scope, request, topics: TOPICS }, () =>
          pageOfGroups(store, scope, by, request),
        ),
        clusterFacts(store, scope),
        sharedKindNames(store, scope),
      ]);
      return {
        ...page,
        items: items.map((group) =>
          groupItem(group, { by, asked: request.query, controls, clusters, sharedKinds }),
        ),
      };
    },
  };
}

interface Shown {
  readonly by: By;
  /** What was asked for. */
  readonly asked: Query;
  readonly controls: Controls;
  /** All that are looked at. */
  readonly clusters: readonly { readonly id: number; readonly name: string }[];
  /** The names that kinds of several API groups have. */
  readonly sharedKinds: ReadonlySet<string>;
}

function groupItem(group: ListedGroupRecord, shown: Shown) {
  const { by, asked, clusters } = shown;
  const { key, severity, findings, objects, counts, owners, oldest } = group;
  const { isOfCluster, titleOf, placeOf } = KEYS[by];
  const cluster =
    isOfCluster && clusters.length > 1 ? clusters.find(({ id }) => id === group.clusters[0]) : undefined;
  const title = titleOf(group, shown);
  const place = queryOfValues({
    ...(cluster !== undefined && { cluster: cluster.name }),
    ...placeOf(group, shown),
  });
  // As a query takes names.
  const folded = cluster && foldCase(cluster.name);
  const isAmbiguous = clusters.some(({ id, name }) => id !== cluster?.id && foldCase(name) === folded);
  return {
    key,
    query: isAmbiguous ? null : takenQuery(narrowQuery(asked, place)),
    title: cluster === undefined ? title : `${title} in ${cluster.name}`,
    severity: severityOf(severity),
    findings,
    objects,
    counts: countsOf(counts),
    owners: [...owners],
    oldest: iso(oldest),
  };
}

interface Key {
  /** Whether a group is of one cluster. */
  readonly isOfCluster: boolean;
  readonly titleOf: (group: ListedGroupRecord, shown: Shown) => string;
  /** What its findings have in common, by the fields of a query. */
  readonly placeOf: (group: ListedGroupRecord, shown: Shown) => Readonly<Record<string, string>>;
}

const KEYS: Readonly<Record<By, Key>> = {
  control: {
    isOfCluster: false,
    titleOf: ({ key }, { controls }) => controls.get(key)?.title ?? key,
    placeOf: ({ key }) => ({ control: key }),
  },
  owner: {
    isOfCluster: false,
    // Of one that is written in several ways, all of them.
    titleOf: ({ owners }) => owners.join(', ') || 'nobody',
    placeOf: ({ key }) => ({ owner: key }),
  },
  namespace: {
    isOfCluster: true,
    titleOf: ({ key }) => namespaceOf(key) || 'cluster-scoped objects',
    placeOf: ({ key }) => ({ namespace: namespaceOf(key) }),
  },
  workload: {
    isOfCluster: true,
    titleOf: (group, shown) => {
      const { namespace, kind, name } = objectOf(group, shown);
      // A Namespace lies in itself, which its name says.
      return `${namespace === '' || kind === 'Namespace' ? '' : `${namespace} / `}${kind} ${name}`;
    },
    placeOf: objectOf,
  },
};

function namespaceOf(key: string): string {
  return key.slice(key.indexOf('|') + 1);
}

/** The name is as it is written; of several that differ in capitals alone, one of them. */
function objectOf({ key, name }: ListedGroupRecord, { sharedKinds }: Shown) {
  const [, kind = '', namespace = ''] = key.split('|');
  return { namespace, kind: nameInQuery(kind, sharedKinds), name: name ?? '' };
}
