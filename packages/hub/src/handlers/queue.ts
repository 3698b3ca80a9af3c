import { EVERY_RECORD, FINDING_FIELDS, joinQueries, type Query, queryOfValues } from '@bulwark/core';
import {
  clusterFacts,
  type DayRecord,
  type ListRequest,
  movedSince,
  openBySeverity,
  type Scope,
  type Times,
  trendOf,
} from '@bulwark/store';
import type { Handlers } from '../http/handler.ts';
import { countsOf, scopeFor } from './convert.ts';
import type { KeepingSettings } from './finding-item.ts';
import { listRequestOf } from './list-request.ts';
import { withoutDeferred } from './queue-deferred.ts';
import { queueGroups } from './queue-folds.ts';
import { queueItem } from './queue-item.ts';
import { risksByControl } from './queue-risks.ts';
import { type Told, toldByItem } from './queue-tellers.ts';

const DAY_MS = 86_400_000;
const TREND_DAYS = 30;
const NOTHING: Told = { caused: [], told: [], elsewhere: 0 };

/** What to do first: root causes by their rank. */
export function queueHandlers(settings: KeepingSettings): Handlers<'getQueue'> {
  return { getQueue: ({ query }, { caller, now }) => queueOf(settings, query, { caller, now }) };
}

type GetQueue = Parameters<Handlers['getQueue']>;

async function queueOf(
  settings: KeepingSettings,
  query: GetQueue[0]['query'],
  { caller, now }: Pick<GetQueue[1], 'caller' | 'now'>,
) {
  const scope = scopeFor(caller, query.cluster, query.namespace);
  const { store, controls } = settings;
  const all = listRequestOf(query, FINDING_FIELDS, now);
  const asked = query.mine === true ? { ...all, query: ofPerson(all.query, caller.person) } : all;
  const { request, written, deferred } = await withoutDeferred(store, scope, asked);
  const [{ groups, ...folded }, open, trend, moved, facts] = await Promise.all([
    queueGroups(settings, scope, request),
    openAt(settings, scope, request),
    trendOf(store, scope, request.now, TREND_DAYS),
    movedSince(store, scope, { since: startOfDay(request.now), until: request.now }),
    clusterFacts(store, scope),
  ]);
  // What reaches further is told to whoever may see it, even where a namespace was chosen.
  const risks = await risksByControl(store, scopeFor(caller, query.cluster), groups);
  const others = toldByItem(folded, groups);
  const clusters = new Map(facts.map(({ id, name }) => [id, name]));
  const items = groups
    .map((group) =>
      queueItem({
        group,
        controls,
        clusters,
        risk: risks.get(group.key),
        asked: written,
        ...(others.get(group.key) ?? NOTHING),
      }),
    )
    .sort((a, b) => b.points - a.points || b.findings - a.findings || (a.id < b.id ? -1 : 1));
  const yesterday = trend.at(-2);
  return {
    items,
    next: null,
    total: items.length,
    open: total(open),
    deferred,
    yesterday: yesterday === undefined ? null : total(yesterday.counts),
    trend: upTo(request.now, open, trend).map(({ day, counts }) => ({ day, counts: countsOf(counts) })),
    ...moved,
  };
}

/** The end of the day before, in UTC: what was open then is what the moment is compared with. */
function startOfDay(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / DAY_MS) * DAY_MS);
}

/** What a query finds of what is assigned to a person. */
function ofPerson(query: Query, person: string): Query {
  return joinQueries('and', [query, queryOfValues({ assignee: person })]);
}

/** How much is open at the moment of a request, whatever it asks for. Of the past that is a pass over the findings. */
function openAt(
  { store, answers }: KeepingSettings,
  scope: Scope,
  { now, asOf }: ListRequest & Times,
): Promise<readonly number[]> {
  if (asOf === undefined) return openBySeverity(store, scope);
  const request = { query: EVERY_RECORD, limit: 0, now, asOf };
  return answers.of({ list: ['open'], scope, request, topics: ['findings'] }, () =>
    openBySeverity(store, scope, asOf),
  );
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Of the day of the moment, what is stored is how it ended, or when something last changed: it ends with the moment. */
function upTo(moment: Date, open: readonly number[], trend: readonly DayRecord[]): readonly DayRecord[] {
  const today = moment.toISOString().slice(0, 10);
  return trend.map((each) => (each.day === today ? { day: today, counts: open } : each));
}
