import { rankRootCause } from '@bulwark/analyses';
import type { TeamItem } from '@bulwark/api';
import { FINDING_FIELDS } from '@bulwark/core';
import type { ListRequest, Scope, Times } from '@bulwark/store';
import { iso, severityOf } from './convert.ts';
import type { KeepingSettings } from './finding-item.ts';
import { groupBy } from './group-by.ts';
import { listRequestOf } from './list-request.ts';
import { withoutDeferred } from './queue-deferred.ts';
import { ownedGroups } from './queue-folds.ts';
import { risksByControl } from './queue-risks.ts';

const MOST = 5;

type Thing = TeamItem['top'][number];

/** By owner, as `ownerKey` has it. */
export type FirstThings = ReadonlyMap<string, readonly Thing[]>;

/** What each owner has to do first: the first rows of the queue of what is theirs; and when what is deferred comes back. */
export async function firstThings(
  settings: KeepingSettings,
  scope: Scope,
  now: Date,
): Promise<{ readonly first: FirstThings; readonly returns: string | null }> {
  const all = listRequestOf({}, FINDING_FIELDS, now);
  const { request, deferred } = await withoutDeferred(settings.store, scope, all);
  const key = { list: ['first things'], scope, request, topics: ['findings', 'triage'] } as const;
  const first = await settings.answers.of(key, () => firstOfAll(settings, scope, request));
  return { first, returns: deferred?.next ?? null };
}

async function firstOfAll(
  settings: KeepingSettings,
  scope: Scope,
  request: ListRequest & Times,
): Promise<FirstThings> {
  const groups = await ownedGroups(settings, scope, request);
  const risks = await risksByControl(settings.store, scope, groups);
  const ranked = groups.map((group) => {
    const [control = '', ...owner] = group.key.split('|');
    const risk = risks.get(group.key);
    const severity = severityOf(group.severity);
    const riskiest = risk && { name: risk.name, reasons: risk.reasons };
    const { points } = rankRootCause({ ...group, severity, riskiest });
    const { findings, oldest } = group;
    const title = settings.controls.get(control)?.title ?? control;
    const thing = { control, title, severity, findings, oldest: iso(oldest) };
    return { owner: owner.join('|'), points, thing };
  });
  return new Map(
    [...groupBy(ranked, ({ owner }) => owner)].map(([owner, own]) => [
      owner,
      own
        .sort((a, b) => b.points - a.points || inQueue(a.thing, b.thing))
        .slice(0, MOST)
        .map(({ thing }) => thing),
    ]),
  );
}

/** The order of things with equal points. */
function inQueue(a: Thing, b: Thing): number {
  return b.findings - a.findings || (a.control < b.control ? -1 : 1);
}
