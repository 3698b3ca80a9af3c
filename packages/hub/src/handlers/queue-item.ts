import { type RootCause, rankRootCause } from '@bulwark/analyses';
import {
  type Control,
  joinQueries,
  nameInQuery,
  namespaceOf,
  type Query,
  queryOfValues,
} from '@bulwark/core';
import {
  type CausedRecord,
  type FindingGroupRecord,
  ofControls,
  type RiskRecord,
  type ToldRecord,
} from '@bulwark/store';
import { iso, kindOf, severityOf } from './convert.ts';
import { groupBy } from './group-by.ts';
import { ownersIn } from './owner-names.ts';
import type { Told } from './queue-tellers.ts';
import { takenQuery } from './taken-query.ts';
import { firstSentence, listed } from './words.ts';

/** What an item of the queue is made from. */
export interface QueueParts extends Told {
  readonly group: FindingGroupRecord;
  readonly controls: ReadonlyMap<string, Control>;
  /** The names of all clusters that are looked at. */
  readonly clusters: ReadonlyMap<number, string>;
  /** The names that kinds of several API groups have. */
  readonly sharedKinds: ReadonlySet<string>;
  /** Of the worst workload. */
  readonly risk: RiskRecord | undefined;
  /** What was asked for. */
  readonly asked: Query;
}

/** One thing to do. */
export function queueItem(parts: QueueParts) {
  const { group, controls, risk, caused, told, elsewhere } = parts;
  const { key, findings, objects, owners, unowned, fixable, exposed } = group;
  const control = controls.get(key);
  const severity = severityOf(group.severity);
  const clusters = group.clusters.map((id) => ({ id, name: parts.clusters.get(id) ?? '' }));
  const riskiest = risk && { name: placedName(risk, parts.clusters), reasons: risk.reasons };
  const { points, lines, why, unknown } = rankRootCause({ ...group, severity, riskiest } satisfies RootCause);
  return {
    id: key,
    control: key,
    severity,
    title: control?.title ?? key,
    reason: group.example,
    why: why ?? null,
    reach: reachText(parts, parts.clusters.size > 1 ? clusters.map(({ name }) => name) : []),
    clusters,
    riskiest: risk === undefined ? null : riskiestItem(risk, parts.clusters),
    exposed,
    unknown: [...unknown],
    query: takenQuery(ofControls(parts.asked, [key])),
    findings,
    objects,
    owners: ownersIn(owners),
    unowned,
    assignees: [...group.assignees],
    oldest: iso(group.oldest),
    fixable,
    points,
    lines: [...lines],
    action: firstSentence(control?.remediation ?? ''),
    next: control?.remediation ?? '',
    causes: [...groupBy(caused, (each) => each.control)].map(([id, found]) => causeItem(id, found, parts)),
    told: told.map(({ control: id, findings: count, assignees }) => ({
      control: id,
      title: controls.get(id)?.title ?? id,
      findings: count,
      assignees: [...assignees],
      query: takenQuery(ofControls(parts.asked, [id])),
    })),
    elsewhere,
  };
}

function many(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

function reachText({ group, caused, told }: QueueParts, clusters: readonly string[]): string {
  const { findings, objects, unowned } = group;
  const owners = ownersIn(group.owners);
  const teams = owners.length === 0 ? '' : ` of ${many(owners.length, 'team')}`;
  const unownedText = unowned === 0 ? '' : `, ${unowned} of nobody`;
  return `${many(findings, 'finding')} in ${many(objects, 'object')}${teams}${unownedText}${inClusters(clusters)}.${causesText(caused)}${toldText(told)}`;
}

function causesText(caused: readonly CausedRecord[]): string {
  if (caused.length === 0) return '';
  const ids = listed([...new Set(caused.map(({ control }) => control))]);
  return ` The same change resolves ${many(caused.length, 'finding')} of ${ids}${takenBy(assigneesOf(caused))}.`;
}

function toldText(told: readonly ToldRecord[]): string {
  if (told.length === 0) return '';
  const count = told.reduce((sum, { findings }) => sum + findings, 0);
  const ids =
    told.length > MOST_NAMED ? `${told.length} other controls` : listed(told.map(({ control }) => control));
  const people = [...new Set(told.flatMap(({ assignees }) => assignees))].sort();
  return ` It also stands for ${many(count, 'finding')} of ${ids}${takenBy(people)}.`;
}

function takenBy(people: readonly string[]): string {
  return people.length === 0 ? '' : `, with ${listed(people)} on it`;
}

const MOST_NAMED = 3;

function inClusters(names: readonly string[]): string {
  if (names.length === 0) return '';
  return names.length > MOST_NAMED ? `, in ${names.length} clusters` : `, in ${listed(names.toSorted())}`;
}

/** A workload with its cluster, where there are several. */
function placedName(risk: RiskRecord, clusters: QueueParts['clusters']): string {
  const cluster = clusters.size > 1 ? clusters.get(risk.cluster) : undefined;
  return cluster === undefined ? nameOf(risk) : `${nameOf(risk)} in ${cluster}`;
}

function causeItem(
  id: string,
  found: readonly CausedRecord[],
  parts: Pick<QueueParts, 'controls' | 'asked' | 'clusters' | 'sharedKinds'>,
) {
  const { controls, asked } = parts;
  const places = groupBy(found, (each) => `${each.cluster}|${each.kind}|${namespaceOf(each)}`);
  const anyOf = joinQueries(
    'or',
    [...places.values()].flatMap((each) => placeQuery(each, parts)),
  );
  return {
    control: id,
    title: controls.get(id)?.title ?? id,
    findings: found.length,
    assignees: assigneesOf(found),
    objects: [...new Set(found.map(nameOf))].sort(),
    query: takenQuery(joinQueries('and', [ofControls(asked, [id]), anyOf])),
  };
}

/** What finds the objects of findings that are of one kind and in one namespace. */
function placeQuery(
  found: readonly CausedRecord[],
  { clusters, sharedKinds }: Pick<QueueParts, 'clusters' | 'sharedKinds'>,
): Query[] {
  const [first] = found;
  if (first === undefined) return [];
  const cluster = clusters.size > 1 ? clusters.get(first.cluster) : undefined;
  return [
    queryOfValues({
      ...(cluster !== undefined && { cluster }),
      kind: nameInQuery(first.kind, sharedKinds),
      namespace: namespaceOf(first),
      name: [...new Set(found.map(({ name }) => name))].sort(),
    }),
  ];
}

function assigneesOf(found: readonly CausedRecord[]): string[] {
  return [...new Set(found.flatMap(({ assignee }) => assignee ?? []))].sort();
}

function nameOf({ kind, namespace, name }: Pick<RiskRecord, 'kind' | 'namespace' | 'name'>): string {
  return `${kindOf(kind)} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

function riskiestItem(risk: RiskRecord, clusters: QueueParts['clusters']) {
  const { cluster, kind, namespace, name, points, reasons } = risk;
  const group = kind.slice(0, Math.max(0, kind.lastIndexOf('/')));
  return {
    name: placedName(risk, clusters),
    cluster,
    resource: { kind: kindOf(kind), group, namespace, name },
    points,
    reasons: reasons.map((reason) => ({
      ...reason,
      objects: [...reason.objects],
    })),
  };
}
