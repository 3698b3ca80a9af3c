import { REQUIREMENT_STATES } from '@bulwark/core';
import { bySeverity, type Columns, FINDINGS, type ListColumns, type ListItem } from './column.ts';
import type { ExportedList } from './exports.ts';
import { INVENTORY_COLUMNS } from './inventory-columns.ts';

function byVerdict(): Columns<ListItem<'listFrameworks'>> {
  return Object.fromEntries(
    REQUIREMENT_STATES.map((verdict) => [
      verdict,
      ({ counts }: ListItem<'listFrameworks'>) => (counts as Readonly<Record<string, number>>)[verdict] ?? 0,
    ]),
  );
}

/** What an exception covers, in one line: its parts with their values. */
export function scopeText(scope: Readonly<Record<string, unknown>>): string {
  return Object.entries(scope)
    .map(([part, value]) => `${part} ${Array.isArray(value) ? value.join(' ') : printed(value)}`)
    .join('; ');
}

function printed(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** Names that people give, which may hold blanks. */
function named(names: readonly string[]): string {
  return names.join('; ');
}

/** Every list as a table: what the hub exports and the command line prints as CSV. Columns that are added come last. */
export const COLUMNS: ListColumns<ExportedList> = {
  ...INVENTORY_COLUMNS,
  getQueue: {
    control: ({ control }) => control,
    severity: ({ severity }) => severity,
    points: ({ points }) => points,
    title: ({ title }) => title,
    reason: ({ reason }) => reason,
    why: ({ why }) => why,
    action: ({ action }) => action,
    findings: ({ findings }) => findings,
    objects: ({ objects }) => objects,
    exposed: ({ exposed }) => exposed,
    fixable: ({ fixable }) => fixable,
    owners: ({ owners }) => named(owners),
    unowned: ({ unowned }) => unowned,
    assignees: ({ assignees }) => named(assignees),
    oldest: ({ oldest }) => oldest,
    query: ({ query }) => query,
  },
  listFindings: {
    cluster: ({ cluster }) => cluster.name,
    severity: ({ severity }) => severity,
    state: ({ state }) => state,
    control: ({ control }) => control,
    title: ({ title }) => title,
    namespace: ({ resource }) => resource.namespace,
    kind: ({ resource }) => resource.kind,
    name: ({ resource }) => resource.name,
    container: ({ container }) => container,
    path: ({ path }) => path,
    message: ({ message }) => message,
    owner: ({ owner }) => owner,
    environment: ({ environment }) => environment,
    firstSeen: ({ firstSeen }) => firstSeen,
    assignee: ({ assignee }) => assignee,
    fingerprint: ({ fingerprint }) => fingerprint,
  },
  groupFindings: {
    key: ({ key }) => key,
    title: ({ title }) => title,
    severity: ({ severity }) => severity,
    findings: ({ findings }) => findings,
    objects: ({ objects }) => objects,
    ...bySeverity(({ counts }: ListItem<'groupFindings'>) => counts),
    owners: ({ owners }) => named(owners),
    oldest: ({ oldest }) => oldest,
    query: ({ query }) => query,
  },
  listBuildRecords: {
    id: ({ id }) => id,
    verdict: ({ verdict }) => verdict,
    repository: ({ repository }) => repository,
    commit: ({ commit }) => commit,
    ref: ({ ref }) => ref,
    author: ({ author }) => author,
    system: ({ system }) => system,
    run: ({ run }) => run,
    failOn: ({ failOn }) => failOn,
    controls: ({ controls }) => controls,
    ...FINDINGS,
    objects: ({ objects }) => objects,
    images: ({ images }) => images,
    at: ({ at }) => at,
    received: ({ received }) => received,
  },
  listTeams: {
    owner: ({ owner }) => owner,
    workloads: ({ workloads }) => workloads,
    namespaces: ({ namespaces }) => namespaces,
    ...FINDINGS,
    oldest: ({ oldest }) => oldest,
    top: ({ top }) => top.map(({ control }) => control).join(' '),
    contacts: ({ contacts }) => named(contacts),
    spellings: ({ spellings }) => named(spellings),
  },
  listControls: {
    id: ({ id }) => id,
    title: ({ title }) => title,
    severity: ({ severity }) => severity,
    profile: ({ profile }) => profile,
    runs: ({ isOn }) => isOn,
    findings: ({ findings }) => findings,
    fixable: ({ fixable }) => fixable,
    frameworks: ({ frameworks }) => frameworks.join('; '),
    attack: ({ attack }) => attack.join(' '),
    aliases: ({ aliases }) => aliases.join(' '),
    rationale: ({ rationale }) => rationale,
    remediation: ({ remediation }) => remediation,
    references: ({ references }) => references.join(' '),
  },
  listFrameworks: {
    id: ({ id }) => id,
    title: ({ title }) => title,
    version: ({ version }) => version,
    ...byVerdict(),
    checked: ({ checked }) => checked,
  },
  getFramework: {
    id: ({ id }) => id,
    title: ({ title }) => title,
    verdict: ({ verdict }) => verdict,
    reason: ({ reason }) => reason,
    findings: ({ findings }) => findings,
    owners: ({ owners }) => named(owners.map(({ owner }) => owner ?? 'none')),
    controls: ({ controls }) => controls.join(' '),
  },
  listExceptions: {
    id: ({ id }) => id,
    state: ({ state }) => state,
    scope: ({ scope }) => scopeText(scope),
    query: ({ query }) => query,
    annotation: ({ request }) => request?.annotation ?? null,
    reason: ({ reason }) => reason,
    owner: ({ owner }) => owner,
    until: ({ until }) => until,
    createdBy: ({ createdBy }) => createdBy,
    createdAt: ({ createdAt }) => createdAt,
    approvedBy: ({ approvedBy }) => approvedBy,
    revokedBy: ({ revokedBy }) => revokedBy,
    revokedAt: ({ revokedAt }) => revokedAt,
    revokedBecause: ({ revokedBecause }) => revokedBecause,
    covers: ({ covers, isCounted }) => (isCounted ? covers : null),
    waiting: ({ waiting }) => waiting,
    ...bySeverity(({ counts }: ListItem<'listExceptions'>) => counts),
    advice: ({ advice }) => advice.join(' '),
    clusters: ({ clusters }) => clusters && named(clusters.map(({ name }) => name)),
  },
  listAudit: {
    at: ({ at }) => at,
    actor: ({ actor }) => actor,
    action: ({ action }) => action,
    subject: ({ subject }) => subject,
    outcome: ({ outcome }) => outcome,
    address: ({ address }) => address,
    id: ({ id }) => id,
  },
  listDeliveries: {
    at: ({ at }) => at,
    state: ({ state }) => state,
    channel: ({ channel }) => channel.name,
    recipient: ({ recipient }) => recipient,
    cluster: ({ cluster }) => cluster?.name ?? null,
    title: ({ title }) => title,
    findings: ({ findings }) => findings,
    isTest: ({ isTest }) => isTest,
    attempts: ({ attempts }) => attempts,
    answer: ({ answer }) => answer,
    due: ({ due }) => due,
    doneAt: ({ doneAt }) => doneAt,
    message: ({ message }) => message,
    id: ({ id }) => id,
  },
  listJobs: {
    name: ({ name }) => name,
    cluster: ({ cluster }) => cluster?.name ?? null,
    doneBy: ({ doneBy }) => doneBy,
    holder: ({ holder }) => holder,
    isRunning: ({ isRunning }) => isRunning,
    lastRun: ({ lastRun }) => lastRun,
    lastResult: ({ lastResult }) => lastResult,
    lastDone: ({ lastDone }) => lastDone,
    next: ({ next }) => next,
    error: ({ error }) => error,
    about: ({ about }) => about,
  },
};
