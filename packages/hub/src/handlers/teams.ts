import type { TeamItem } from '@bulwark/api';
import { SEVERITIES, TEAM_FIELDS } from '@bulwark/core';
import {
  countsByOwner,
  type OwnerStanding,
  ownerKey,
  type TeamRecord,
  workloadsByOwner,
} from '@bulwark/store';
import type { Handlers } from '../http/handler.ts';
import { countsOf, isoOrNull, scopeFor } from './convert.ts';
import type { KeepingSettings } from './finding-item.ts';
import { type FirstThings, firstThings } from './first-things.ts';
import { groupBy } from './group-by.ts';
import { foundInMemory, type MemoryFields } from './memory-query.ts';
import { ownerNamed } from './owner-names.ts';

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
  texts: ({ spellings, contacts, top }) => [...spellings, ...contacts, ...top.map(({ title }) => title)],
};

/** The owners with what is theirs: first those of who asks, then the worst. */
export function teamsOf(
  counts: readonly OwnerStanding[],
  workloads: readonly TeamRecord[],
  { first, person }: { readonly first: FirstThings; readonly person: string },
): TeamItem[] {
  const counted = groupBy(counts, ({ team }) => ownerKey(team));
  const having = new Map(workloads.map((each) => [each.owner, each]));
  const teams = [...new Set([...counted.keys(), ...having.keys()])].map((key) => {
    const has = having.get(key);
    const found = counted.get(key) ?? [];
    const own = found.filter(({ open }) => open > 0);
    const contacts = has === undefined ? [] : [...has.contacts];
    const named = ownerNamed([...found.map(({ team }) => team), ...(has?.spellings ?? [])]);
    return {
      ...named,
      isMine: key !== '' && isNamed(person, [...named.spellings, ...contacts]),
      workloads: has?.workloads ?? 0,
      namespaces: has?.namespaces ?? 0,
      findings: countsOf(bySeverity(own)),
      oldest: isoOrNull(oldestOf(own)),
      top: [...(first.get(key) ?? [])],
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
