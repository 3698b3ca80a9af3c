import type { TeamItem } from '@bulwark/api';
import { type Control, SEVERITIES, TEAM_FIELDS } from '@bulwark/core';
import type { OwnerStanding, TeamRecord } from '@bulwark/store';
import { countsOf, iso, isoOrNull, severityOf } from './convert.ts';
import type { MemoryFields } from './memory-query.ts';

const MOST_TOP = 5;

/** How teams are asked for. */
export const TEAMS: MemoryFields<TeamItem> = {
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
  { controls, person }: { readonly controls: ReadonlyMap<string, Control>; readonly person: string },
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
      oldest: isoOrNull(has?.oldest ?? null),
      top: topOf(own, controls),
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

function topOf(own: readonly OwnerStanding[], controls: ReadonlyMap<string, Control>): TeamItem['top'] {
  return own
    .toSorted((a, b) => b.severity - a.severity || b.open - a.open || (a.control < b.control ? -1 : 1))
    .slice(0, MOST_TOP)
    .map(({ control, severity, open, oldest }) => ({
      control,
      title: controls.get(control)?.title ?? control,
      severity: severityOf(severity),
      findings: open,
      oldest: oldest === null ? null : iso(oldest),
    }));
}

function bySeverity(own: readonly OwnerStanding[]): readonly number[] {
  const sums = [0, 0, 0, 0, 0];
  for (const { severity, open } of own) sums[severity] = (sums[severity] ?? 0) + open;
  return sums;
}

function weight({ findings }: Pick<TeamItem, 'findings'>): number {
  return findings.critical * 1e6 + findings.high * 1e3 + findings.medium;
}
