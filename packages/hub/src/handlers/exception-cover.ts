import { MOST_SELECTED } from '@bulwark/api';
import {
  type Exception,
  Exceptions,
  FINDING_FIELDS,
  type Query,
  type QueryValue,
  type Resource,
} from '@bulwark/core';
import {
  type CoverableFinding,
  clusterFacts,
  coverableFindings,
  type DecidedCounts,
  liveAmong,
  type Scope,
  type Store,
  within,
} from '@bulwark/store';
import { judgedScope } from '../cluster/decision-settings.ts';
import { idOf, objectOf } from '../cluster/stored-rows.ts';
import { storedSubjects } from '../cluster/stored-subjects.ts';
import { kindOf } from './convert.ts';
import type { ScopeInput } from './exception-scope.ts';
import { groupBy } from './group-by.ts';
import { queryOf } from './list-request.ts';

interface CoverContext {
  readonly store: Store;
  readonly scope: Scope;
  readonly now: Date;
}

/**
 * The live findings that an exception would cover, judged as they will be by it. Where objects need not be asked, ten thousand
 * and one at most. Cost: the findings that its controls, namespaces, kinds, names and containers find; with labels or images
 * also the content of their objects.
 */
export async function coveredBy(
  scope: ScopeInput,
  context: CoverContext,
): Promise<readonly CoverableFinding[]> {
  const exception: Exception = { origin: 'configuration', source: '', scope: judgedScope(scope), reason: '' };
  const judge = new Exceptions([exception]);
  const candidates = await candidatesOf(scope, context);
  if (!asksObjects(scope)) return candidates.filter((finding) => isCovered(judge, finding, undefined));
  const covered: CoverableFinding[] = [];
  for (const some of ofSameObjects(candidates)) {
    const subjects = await subjectsOf(some, context);
    covered.push(
      ...some.filter((finding) => isCoveredIn(judge, finding, subjects.get(idOf(objectOf(finding))))),
    );
  }
  return covered;
}

function asksObjects({ labels, images }: ScopeInput): boolean {
  return labels !== undefined || images !== undefined;
}

/** Every finding that an exception may cover, and perhaps others. */
async function candidatesOf(
  scope: ScopeInput,
  { store, scope: seen, now }: CoverContext,
): Promise<readonly CoverableFinding[]> {
  // Without a cluster the same finding is meant in each of them.
  const clusters = new Set(scope.clusters ?? (await clusterFacts(store, seen)).map(({ id }) => id));
  if (scope.fingerprints !== undefined) {
    const keys = [...new Set(scope.fingerprints)].flatMap((fingerprint) =>
      [...clusters].map((cluster) => ({ cluster, fingerprint })),
    );
    return liveAmong(store, seen, keys);
  }
  const most = asksObjects(scope) ? undefined : MOST_SELECTED;
  const request = { query: asQuery(scope), now, most };
  const found = await Promise.all(
    [...clusters].map((cluster) => coverableFindings(store, within(seen, cluster), request)),
  );
  return found.flat();
}

/** What a scope says of findings themselves, as a query. Controls are named, never meant by a pattern. */
function asQuery(scope: ScopeInput): Query {
  const { controls, namespaces, kinds, names, containers } = scope;
  const live = queryOf('(state:open OR state:excepted)', FINDING_FIELDS);
  return {
    op: 'and',
    items: [
      live,
      ...term(
        'control',
        controls?.map((id) => ({ type: 'text', parts: [id] })),
      ),
      ...term('namespace', namespaces?.map(pattern)),
      ...term('kind', kinds?.map(pattern)),
      ...term('name', names?.map(pattern)),
      ...term('container', containers?.map(pattern)),
    ],
  };
}

function term(field: string, values: readonly QueryValue[] | undefined): Query[] {
  return values === undefined ? [] : [{ op: 'field', field, compare: '=', values }];
}

function pattern(text: string): QueryValue {
  return { type: 'text', parts: text.split('*') };
}

/** So many names are asked for at once. */
const AT_ONCE = 500;

/** Findings of objects of one kind in one cluster that have a few names. */
function ofSameObjects(findings: readonly CoverableFinding[]): readonly (readonly CoverableFinding[])[] {
  const byKind = groupBy(findings, ({ cluster, kind }) => `${cluster} ${kind}`);
  return [...byKind.values()].flatMap((ofKind) => {
    const names = [...new Set(ofKind.map(({ name }) => name))];
    const place = new Map(names.map((name, index) => [name, Math.floor(index / AT_ONCE)]));
    return [...groupBy(ofKind, ({ name }) => place.get(name)).values()];
  });
}

async function subjectsOf(
  findings: readonly CoverableFinding[],
  { store, scope }: CoverContext,
): Promise<ReadonlyMap<string, readonly Resource[]>> {
  const [first] = findings;
  if (first === undefined) return new Map();
  const { cluster, kind } = first;
  const names = [...new Set(findings.map(({ name }) => name))];
  return storedSubjects(store, scope, { cluster, kind, names });
}

/** Of pods that differ it is not known which show it; what controls them and is seen in them is covered for all. */
function isCoveredIn(
  judge: Exceptions,
  finding: CoverableFinding,
  subjects: readonly Resource[] = [],
): boolean {
  const covers = (subject: Resource | undefined): boolean => isCovered(judge, finding, subject);
  const owner = subjects.find(({ seenInPods }) => seenInPods !== undefined);
  if (owner !== undefined && covers(owner)) return true;
  const others = subjects.filter((subject) => subject !== owner);
  return others.length === 0 ? covers(owner) : others.every(covers);
}

function isCovered(
  judge: Exceptions,
  { kind, apiVersion, namespace, name, container, ...finding }: CoverableFinding,
  object: Resource | undefined,
): boolean {
  const resource = { apiVersion, kind: kindOf(kind), namespace, name };
  const subject = { ...finding, resource, ...(container !== null && { container }) };
  return judge.covering(subject, object && { found: object, owner: object }).length > 0;
}

/** What will be counted of a new exception once it is judged by. */
export function foreseen(found: readonly Severe[], isRequest: boolean): DecidedCounts {
  const none = bySeverity([]);
  const all = bySeverity(found);
  return isRequest ? { accepted: none, asked: all } : { accepted: all, asked: none };
}

interface Severe {
  readonly severity: number;
}

/** Findings by severity as numbers, info first. */
function bySeverity(findings: readonly Severe[]): readonly number[] {
  const counts = [0, 0, 0, 0, 0];
  for (const { severity } of findings) counts[severity] = (counts[severity] ?? 0) + 1;
  return counts;
}
