import type { TeamItem } from '@bulwark/api';
import { SEVERITIES, TEAM_FIELDS } from '@bulwark/core';
import { countsByOwner, type OwnerStanding, type TeamRecord, workloadsByOwner } from '@bulwark/store';
import type { Handlers } from '../http/handler.ts';
import { countsOf, isoOrNull, scopeFor } from './convert.ts';
import type { KeepingSettings } from './finding-item.ts';
import { type FirstThings, firstThings } from './first-things.ts';
import { foundInMemory, type MemoryFields } from './memory-query.ts';

/** Owners with what is theirs. */
export function teamHandlers(settings: KeepingSettings): Handlers<'listTeams'> {
  return {
    listTeams: async ({ query }, { caller, now }) => {
      const scope = scopeFor(caller, query.cluster, query.namespace);
      const [counts, workloads, { first, returns }] = await Promise.all([
        countsByOwner(settings.store, scope),
        workloadsByOwner(settings.store, scope),
        firstThings(settings, scope, now),
      ]);
      const all = teamsOf(counts, workloads, { first, person: caller.person });
      const items = [...foundInMemory(all, TEAMS, { q: query.q, now })];
      return { items, next: null, total: items.length, returns };
    },
  };
}

/** How teams are asked for. */
const TEAMS: MemoryFields<TeamItem> = {
  fields: TEAM_FIELDS,
  values: {
    owner: ({ owner }) => owner ?? undefined,
    mine: ({ isMine }) => isMine,
    contact: ({ contacts }) => contacts,
    severity: ({ findings }) => SEVERITIES.find((severity) => findings[severity] > 0),
    findings: ({ findings }) => SEVERITIES.reduce((sum, severity) => sum + findings[severity], 0),
    workloads: ({ workloads }) => workloads,
    oldest: ({ oldest }, now) => (oldest === null ? undefined : now - Date.parse(oldest)),
  },
  texts: ({ owner, contacts, top }) => [owner ?? '', ...contacts, ...top.map(({ title }) => title)],
};

/** The owners with what is theirs: first those of who asks, then the worst. */
export function teamsOf(
  counts: readonly OwnerStanding[],
  workloads: readonly TeamRecord[],
  { first, person }: { readonly first: FirstThings; readonly person: string },
): TeamItem[] {
  const names = new Set([...counts.map(({ team }) => team), ...workloads.map(({ team }) => team)]);
  const teams = [...names].map((team) => {
    const has = workloads.find((each) => each.team === team);
    const own = counts.filter((each) => each.team === team && each.open > 0);
    const contacts = has === undefined ? [] : [...has.contacts];
    return {
      owner: team === '' ? null : team,
      isMine: team !== '' && isNamed(person, [team, ...contacts]),
      workloads: has?.workloads ?? 0,
      namespaces: has?.namespaces ?? 0,
      findings: countsOf(bySeverity(own)),
      oldest: isoOrNull(oldestOf(own)),
      top: [...(first.get(team) ?? [])],
      contacts,
    };
  });
  return teams.sort(
    (a, b) =>
      Number(b.isMine) - Number(a.isMine) ||
      weight(b) - weight(a) ||
      ((a.owner ?? '') < (b.owner ?? '') ? -1 : 1),
  );
}

/** Whether somebody is the team, or one of the contacts of it: `ann`, `@ann`, `mailto:ann@example.com`. */
function isNamed(person: string, texts: readonly string[]): boolean {
  const wanted = person.toLowerCase();
  return texts
    .flatMap((text) => text.toLowerCase().split(/[\s,;<>]+/))
    .some((word) => word.replace(/^(?:mailto:|@)/, '') === wanted);
}

/** Since when the oldest of them is there; null where nothing is open. Who owns no workload can have findings, too. */
function oldestOf(own: readonly OwnerStanding[]): Date | null {
  const times = own.flatMap(({ oldest }) => oldest?.getTime() ?? []);
  return times.length === 0 ? null : new Date(Math.min(...times));
}

function bySeverity(own: readonly OwnerStanding[]): readonly number[] {
  const sums = [0, 0, 0, 0, 0];
  for (const { severity, open } of own) sums[severity] = (sums[severity] ?? 0) + open;
  return sums;
}

function weight({ findings }: Pick<TeamItem, 'findings'>): number {
  return findings.critical * 1e6 + findings.high * 1e3 + findings.medium;
}
