import { EVERY_RECORD, FINDING_FIELDS, joinQueries, type Query, queryOfValues } from '@bulwark/core';
import {
  clusterFacts,
  countMoves,
  type DayRecord,
  type ListRequest,
  type MoveCounts,
  openBySeverity,
  type Scope,
  sharedKindNames,
  type Times,
  trendOf,
} from '@bulwark/store';
import type { Handlers } from '../http/handler.ts';
import { countsOf, iso, scopeFor } from './convert.ts';
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
  const [{ groups, ...folded }, counts, { trend, moved }, facts, sharedKinds] = await Promise.all([
    queueGroups(settings, scope, request),
    openAt(settings, scope, request),
    trendAt(settings, scope, request),
    clusterFacts(store, scope),
    sharedKindNames(store, scope),
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
        sharedKinds,
        risk: risks.get(group.key),
        asked: written,
        ...(others.get(group.key) ?? NOTHING),
      }),
    )
    .sort((a, b) => b.points - a.points || b.findings - a.findings || (a.id < b.id ? -1 : 1));
  const open = total(counts);
  return {
    items,
    next: null,
    total: items.length,
    open,
    deferred,
    yesterday: moved === undefined ? null : open - moved.came + moved.went,
    trend: upTo(request.now, counts, trend).map((each) => ({ day: each.day, counts: countsOf(each.counts) })),
    moved: moved === undefined ? null : { since: iso(startOfDay(request.now)), ...moved },
  };
}

/** What was open at the end of each day up to a moment, and what moved on its own day where the one before is known. */
async function trendAt(
  settings: KeepingSettings,
  scope: Scope,
  request: ListRequest & Times,
): Promise<{ readonly trend: readonly DayRecord[]; readonly moved: MoveCounts | undefined }> {
  const trend = await trendOf(settings.store, scope, request.now, TREND_DAYS);
  // On the first day, all that there is came, and nobody asks.
  return { trend, moved: trend.length < 2 ? undefined : await movedAt(settings, scope, request) };
}

function movedAt(
  { store, answers }: KeepingSettings,
  scope: Scope,
  { now, asOf }: ListRequest & Times,
): Promise<MoveCounts> {
  const from = startOfDay(now);
  const request = { query: EVERY_RECORD, limit: 0, now, asOf };
  return answers.of({ list: ['moved', from], scope, request, topics: ['findings'] }, () =>
    countMoves(store, scope, { from, to: asOf }),
  );
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
