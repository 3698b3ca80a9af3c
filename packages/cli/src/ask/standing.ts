import { type ExceptionItem, scopeText } from '@bulwark/api';
import { counted, type Entry, type Style } from '@bulwark/formats';
import { defineList, type Surroundings } from './asked-list.ts';
import { ageOf, countsText, details, inCluster, placeOf, tailOf } from './words.ts';

/** States of a cluster as labels, which have eight letters at most. */
const STATES: Readonly<Record<string, string>> = {
  live: 'LIVE',
  stale: 'STALE',
  gone: 'GONE',
  syncing: 'SYNCING',
  connecting: 'WAITING',
};

/** `bulwark clusters`. */
export const clusters = defineList({
  name: 'clusters',
  plural: 'clusters',
  none: 'No cluster.',
  hasPages: false,
  route: 'listClusters',
  entries: ({ name, state, reason, seen, version, isDemo, findings, lastSeen, ...item }, around) => [
    {
      label: STATES[state] ?? state.toUpperCase(),
      style: state === 'live' ? 'strong' : 'lost',
      whole: name,
      text: `(${details(
        isDemo && 'a demonstration',
        version,
        seen === null ? 'nothing is seen of it' : `${seen.percent} % seen and judged`,
        state !== 'live' && lastSeen !== null && `last seen ${ageOf(lastSeen, around.now)} ago`,
        reason,
      )})`,
      ...tailOf(countsText(findings)),
    },
    {
      text: details(
        counted(item.nodes, 'node'),
        counted(item.workloads, 'workload'),
        counted(item.pods, 'pod'),
        counted(item.objects, 'object'),
        seen !== null && seen.lost > 0 && `${seen.lost} not judged`,
      ),
    },
  ],
});

/** `bulwark coverage`. */
export const coverageEntries = defineList({
  name: 'coverage',
  plural: 'entries',
  none: 'Nothing: all that was asked for was seen and judged.',
  hasPages: true,
  route: 'listCoverage',
  entries: ({ cluster, code, kind, subject, reason, remedy, since }, around) => [
    {
      label: kind.toUpperCase(),
      style: kind === 'lost' ? 'lost' : 'faint',
      whole: inCluster(cluster, subject, around),
      text: `${reason} (${ageOf(since, around.now)})`,
      tail: code,
    },
    ...(remedy === null
      ? []
      : [{ text: `What makes it go away: ${remedy.trim().replaceAll(/\s*\n\s*/g, '; ')}` }]),
  ],
});

const DECISIONS: Readonly<Record<string, { readonly label: string; readonly style: Style }>> = {
  active: { label: 'ACTIVE', style: 'strong' },
  requested: { label: 'ASKED', style: 'medium' },
  expired: { label: 'ENDED', style: 'faint' },
  revoked: { label: 'REVOKED', style: 'faint' },
};
const REFUSED = { label: 'REFUSED', style: 'faint' } as const;

/** Whether it was refused before it held, rather than ended. */
function isRefused({
  state,
  approvedBy,
  request,
  revokedBecause,
}: Pick<ExceptionItem, 'state' | 'approvedBy' | 'request' | 'revokedBecause'>): boolean {
  return state === 'revoked' && approvedBy === null && (request !== null || revokedBecause !== null);
}

function whatOf({ query, scope }: Pick<ExceptionItem, 'query' | 'scope'>): string {
  // Clusters are told by their names.
  const { clusters: _clusters, ...parts } = scope;
  return query === null ? scopeText(parts) : `what ${query === '' ? 'everything' : query} found`;
}

/** Where an exception holds, where there is more than one cluster. */
function clustersText({ clusters }: ExceptionItem, { hasOneCluster }: Surroundings): string | false {
  if (hasOneCluster) return false;
  return clusters === null ? 'in every cluster' : `in ${clusters.map(({ name }) => name).join(', ')}`;
}

/** How many findings it covers, and how many of them only once it is approved. */
function coverOf({ state, covers, counts, isCounted, waiting }: ExceptionItem): string {
  if (!isCounted) return 'nothing is judged by it yet';
  const open = state === 'active' && waiting > 0 ? `, ${waiting} of them not before it is approved` : '';
  return `covers ${counted(covers, 'finding')}${covers === 0 ? '' : ` (${countsText(counts)})`}${open}`;
}

/** Who made it, approved it, and ended or refused it and why. */
function lifeOf(item: ExceptionItem): string {
  const { createdBy, createdAt, approvedBy, revokedBy, revokedAt, revokedBecause, request } = item;
  const on = revokedAt === null ? '' : ` on ${revokedAt.slice(0, 10)}`;
  const because = revokedBecause === null ? '' : `: ${revokedBecause}`;
  return details(
    createdBy !== null ? `by ${createdBy}` : request !== null && 'nobody knows who asked',
    createdAt !== null && `since ${createdAt.slice(0, 10)}`,
    approvedBy !== null && `approved by ${approvedBy}`,
    revokedBy !== null && `${isRefused(item) ? 'refused' : 'ended'} by ${revokedBy}${on}${because}`,
  );
}

/** What is said of it in whole sentences: why the caller may not approve or end it, and what an audit finds. */
function sentencesOf({ approval, ending, advice }: ExceptionItem): readonly string[] {
  const refusals = [approval?.refusal, ending?.refusal].filter((refusal) => typeof refusal === 'string');
  return [...new Set([...refusals, ...advice])];
}

/** Which object asks for what, by which annotation. */
function askedBy(
  { cluster, resource, control, annotation }: NonNullable<ExceptionItem['request']>,
  around: Surroundings,
): string {
  return `${placeOf(cluster, resource, around)} asks for ${control} by ${annotation}`;
}

function headOf(item: ExceptionItem): Entry {
  const { state, id, source, reason } = item;
  const known = isRefused(item) ? REFUSED : DECISIONS[state];
  return {
    ...(known ?? { label: state.toUpperCase(), style: 'faint' }),
    text: reason,
    tail: id === null ? source : `number ${id}`,
  };
}

/** `bulwark exceptions list`. */
export const exceptions = defineList({
  name: 'exceptions',
  plural: 'exceptions',
  none: 'No exception.',
  hasPages: true,
  route: 'listExceptions',
  entries: (item, around) => [
    headOf(item),
    {
      text:
        item.request === null
          ? details(whatOf(item), clustersText(item, around))
          : askedBy(item.request, around),
    },
    {
      text: details(
        coverOf(item),
        item.until === null ? 'without an end' : `until ${item.until}`,
        item.owner !== null && `owner ${item.owner}`,
      ),
    },
    ...[lifeOf(item), ...sentencesOf(item)].filter((text) => text !== '').map((text) => ({ text })),
  ],
});
