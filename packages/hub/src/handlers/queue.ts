import { type RootCause, rankRootCause } from '@bulwark/analyses';
import { type Control, FINDING_FIELDS } from '@bulwark/core';
import {
  examplesOf,
  type FindingGroupRecord,
  movedSince,
  openByControl,
  type RiskRecord,
  risksOf,
  type Scope,
  type Store,
  trendOf,
} from '@bulwark/store';
import type { Handlers } from '../http/handler.ts';
import { countsOf, iso, kindOf, scopeFor, severityOf } from './convert.ts';
import type { KeepingSettings } from './finding-item.ts';
import { groupedFindings } from './grouped-findings.ts';
import { listRequestOf } from './list-request.ts';

const DAY_MS = 86_400_000;
const TREND_DAYS = 30;

/** What to do first: root causes by their rank. */
export function queueHandlers(settings: KeepingSettings): Handlers<'getQueue'> {
  return { getQueue: ({ query }, { caller, now }) => queueOf(settings, query, { caller, now }) };
}

type GetQueue = Parameters<Handlers['getQueue']>;

async function queueOf(
  { store, controls, answers }: KeepingSettings,
  query: GetQueue[0]['query'],
  { caller, now }: Pick<GetQueue[1], 'caller' | 'now'>,
) {
  const scope = scopeFor(caller, query.cluster);
  const mine = query.mine === true ? ` assignee:${JSON.stringify(caller.user)}` : '';
  const request = listRequestOf({ ...query, q: `${query.q ?? ''}${mine}` }, FINDING_FIELDS, now);
  const [groups, open, trend, moved] = await Promise.all([
    groupedFindings({ store, answers }, scope, 'control', request),
    openByControl(store, scope),
    trendOf(store, scope, now, TREND_DAYS),
    movedSince(store, scope, new Date(now.getTime() - DAY_MS)),
  ]);
  const [risks, examples] = await Promise.all([
    risksByControl(store, scope, groups),
    examplesOf(
      store,
      scope,
      groups.flatMap(({ key, riskiest }) => (riskiest === undefined ? [] : { ...riskiest, control: key })),
    ),
  ]);
  const items = groups
    .map((group) => ({ ...group, example: examples.get(group.key) ?? group.example }))
    .map((group) => queueItem(group, controls.get(group.key), risks.get(group.key)))
    .sort((a, b) => b.points - a.points || b.findings - a.findings || (a.id < b.id ? -1 : 1));
  const yesterday = trend.at(-2);
  return {
    items,
    next: null,
    total: items.length,
    open: [...open.values()].reduce((sum, count) => sum + count, 0),
    yesterday: yesterday === undefined ? null : yesterday.counts.reduce((sum, count) => sum + count, 0),
    trend: trend.map(({ day, counts }) => ({ day, counts: countsOf(counts) })),
    ...moved,
  };
}

/** The risk of the worst workload of each group. Who sees some namespaces only does not learn what lies outside. */
async function risksByControl(
  store: Store,
  scope: Scope,
  groups: readonly FindingGroupRecord[],
): Promise<ReadonlyMap<string, RiskRecord>> {
  const keys = groups.flatMap(({ riskiest }) => riskiest ?? []);
  const risks = new Map((await risksOf(store, scope, keys)).map((risk) => [keyOf(risk), risk]));
  return new Map(
    groups.flatMap(({ key, riskiest }) => {
      const risk = riskiest && risks.get(keyOf(riskiest));
      return risk === undefined ? [] : [[key, scope.namespaces === 'all' ? risk : withoutRights(risk)]];
    }),
  );
}

function keyOf({
  cluster,
  kind,
  namespace,
  name,
}: Pick<RiskRecord, 'cluster' | 'kind' | 'namespace' | 'name'>): string {
  return `${cluster}|${kind}|${namespace}|${name}`;
}

function withoutRights(risk: RiskRecord): RiskRecord {
  return {
    ...risk,
    reasons: risk.reasons.map((reason) =>
      reason.factor === 'identity'
        ? { ...reason, text: 'reaches further by its service account', objects: [] }
        : { ...reason, objects: [] },
    ),
  };
}

function many(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

function queueItem(group: FindingGroupRecord, control: Control | undefined, risk: RiskRecord | undefined) {
  const { key, findings, objects, owners, unowned, fixable, exposed } = group;
  const severity = severityOf(group.severity);
  const riskiest = risk && { name: nameOf(risk), reasons: risk.reasons };
  const { points, lines, why, unknown } = rankRootCause({ ...group, severity, riskiest } satisfies RootCause);
  const teams = owners.length === 0 ? '' : ` of ${many(owners.length, 'team')}`;
  const unownedText = unowned === 0 ? '' : `, ${unowned} of nobody`;
  return {
    id: key,
    control: key,
    severity,
    title: control?.title ?? key,
    reason: group.example,
    why: why ?? null,
    reach: `${many(findings, 'finding')} in ${many(objects, 'object')}${teams}${unownedText}.`,
    riskiest: risk === undefined ? null : riskiestItem(risk),
    exposed,
    unknown: [...unknown],
    query: `control:${key}`,
    findings,
    objects,
    owners: [...owners],
    unowned,
    assignees: [...group.assignees],
    oldest: iso(group.oldest),
    fixable,
    points,
    lines: [...lines],
    action: firstSentence(control?.remediation ?? ''),
    next: control?.remediation ?? '',
  };
}

/** What a remedy says to do; the sentences after it say when, what else and what to beware of. */
function firstSentence(text: string): string {
  return /^.*?[.](?=\s+[A-Z]|$)/s.exec(text)?.[0] ?? text;
}

function nameOf({ kind, namespace, name }: RiskRecord): string {
  return `${kindOf(kind)} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

function riskiestItem(risk: RiskRecord) {
  const { cluster, kind, namespace, name, points, reasons } = risk;
  const group = kind.slice(0, Math.max(0, kind.lastIndexOf('/')));
  return {
    name: nameOf(risk),
    cluster,
    resource: { kind: kindOf(kind), group, namespace, name },
    points,
    reasons: reasons.map((reason) => ({
      ...reason,
      objects: [...reason.objects],
    })),
  };
}
