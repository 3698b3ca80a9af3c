import type { CoveredFindingItem, ExceptionItem } from '@bulwark/api';
import { type Control, nameInQuery, namespaceOf, originOfAnnotation, queryForValues } from '@bulwark/core';
import {
  type CoveredFinding,
  type CoveredObject,
  type DecidedCounts,
  type DecidedCover,
  type ExceptionRecord,
  type RequestRecord,
  whyUnnamed,
} from '@bulwark/store';
import { type Caller, may } from '../access/caller.ts';
import { makerOf } from '../maker.ts';
import { whyTakenBack } from './acceptance-end.ts';
import { clusterOf, countsOf, iso, isoOrNull, kindOf, refOf, severityOf } from './convert.ts';
import { isWithin, type ScopeInput } from './exception-scope.ts';

/** Who looks at an exception, and what it covers. */
export interface Shown {
  readonly caller: Caller;
  readonly now: Date;
  /** What it covers of what the caller may see; undefined for nothing. */
  readonly counts: DecidedCounts | undefined;
  /** They have the titles. */
  readonly controls: ReadonlyMap<string, Control>;
  /** The names of all clusters. */
  readonly clusters: ReadonlyMap<number, string>;
  /** The names that kinds of several API groups have, for what an annotation asks for. */
  readonly sharedKinds: ReadonlySet<string>;
}

/** Of what nothing asks for but people. */
export const NO_NAMES: ReadonlySet<string> = new Set();

const NOTHING: DecidedCounts = { accepted: [0, 0, 0, 0, 0], asked: [0, 0, 0, 0, 0] };

/** An exception as the API gives it. */
export function itemOf(record: ExceptionRecord, shown: Shown): ExceptionItem {
  const { caller, now, counts = NOTHING } = shown;
  const today = dayOf(now);
  const scope = record.scope as ScopeInput;
  const { until, request, createdAt } = record;
  const state = stateOf(record, today);
  const asked = sum(counts.asked);
  const covered = counts.accepted.map((count, severity) => count + (counts.asked[severity] ?? 0));
  const isCounted = shown.counts !== undefined || !isNew(record, now);
  const approvable = canBeApproved(record, state, asked);
  return {
    id: record.id,
    origin: request === null ? 'hub' : (originOfAnnotation(request.annotation) ?? 'annotation'),
    source: `hub:${record.id}`,
    scope: shownScope(request === null ? scope : { ...scope, kinds: [kindInQueries(request, shown)] }),
    clusters: clustersOf(scope, shown),
    query: record.query,
    request: request && requestItem(request, shown),
    reason: record.reason,
    owner: record.owner,
    until,
    state,
    createdBy: request === null ? record.createdBy : askerOf(request),
    createdAt: iso(createdAt),
    approvedBy: record.approvedBy,
    revokedBy: record.revokedBy,
    revokedAt: isoOrNull(record.revokedAt),
    revokedBecause: record.revokedBecause,
    covers: sum(covered),
    counts: countsOf(covered),
    isCounted,
    about: aboutOf(scope, counts.cover, shown),
    waiting: approvable && state !== 'revoked' ? asked : 0,
    approval: approvable ? approvalOf(record, shown) : null,
    ending: state === 'active' || state === 'requested' ? { refusal: whyUndecided(record, caller) } : null,
    advice:
      state === 'revoked'
        ? []
        : [
            ...takenBack(record),
            ...unnamed(record, shown),
            ...adviceOn({ scope, until, covers: isCounted ? sum(covered) : undefined, request }, today),
          ],
  };
}

/** The day of a moment, YYYY-MM-DD. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** By then every cluster that answers is judged by it. */
const JUDGED_MS = 60_000;

/** Whether something is so new that nothing may be judged by it yet. What an annotation asks for was found by judging. */
function isNew({ request, state, createdAt }: ExceptionRecord, now: Date): boolean {
  return request === null && state !== 'revoked' && now.getTime() - createdAt.getTime() < JUDGED_MS;
}

function takenBack({ takenBackFrom }: ExceptionRecord): readonly string[] {
  if (takenBackFrom === null) return [];
  const why = whyTakenBack(takenBackFrom);
  return [`${why.charAt(0).toUpperCase()}${why.slice(1)}: a second person has to approve it.`];
}

/** That nobody knows who asked, said to whoever may approve it nevertheless: to others their refusal says it. */
function unnamed(record: ExceptionRecord, shown: Shown): readonly string[] {
  const others = whyUnnamed(record, { at: shown.now, isAdministrator: false });
  return others === null || approvalOf(record, shown).refusal !== null ? [] : [others.why];
}

/** The clusters that an exception is for; null for all. */
function clustersOf(
  { clusters }: ScopeInput,
  { clusters: names }: Pick<Shown, 'clusters'>,
): ExceptionItem['clusters'] {
  if (clusters === undefined) return null;
  return clusters
    .flatMap((id) => {
      const name = names.get(id);
      return name === undefined ? [] : [{ id, name }];
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

const MOST_TITLES = 5;

/** What was found of an exception; where nothing is, what its scope names. */
function aboutOf(
  { controls: named = [] }: ScopeInput,
  cover: DecidedCover | undefined,
  { controls }: Pick<Shown, 'controls'>,
): ExceptionItem['about'] {
  const ids = cover?.controls ?? named.slice(0, MOST_TITLES);
  return {
    controls: ids.map((id) => ({ id, title: titleOf(id, controls) })),
    controlCount: cover?.controlCount ?? named.length,
    objects: cover?.objects ?? 0,
    worst: cover === undefined ? null : placeOf(cover.worst),
  };
}

function titleOf(control: string, controls: Shown['controls']): string {
  return controls.get(control)?.title ?? control;
}

function placeOf(object: CoveredObject) {
  return { cluster: clusterOf(object), resource: refOf(object) };
}

/** A finding that an exception covers, as the API gives it. */
export function coveredItem(
  finding: CoveredFinding,
  { controls }: Pick<Shown, 'controls'>,
): CoveredFindingItem {
  const { fingerprint, severity, control, container, isAccepted } = finding;
  return {
    fingerprint,
    severity: severityOf(severity),
    control,
    title: titleOf(control, controls),
    ...placeOf(finding),
    container,
    isAccepted,
  };
}

function stateOf({ state, until }: ExceptionRecord, today: string): ExceptionItem['state'] {
  return state !== 'revoked' && until !== null && until < today ? 'expired' : state;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/**
 * Whether somebody's approval would change what is accepted. What was refused can be approved while it is still asked for;
 * what was approved a moment ago is asked for until it is judged again.
 */
function canBeApproved(
  { request, approvedBy }: ExceptionRecord,
  state: ExceptionItem['state'],
  asked: number,
): boolean {
  if (state === 'requested') return request === null || asked > 0;
  if (state === 'active') return asked > 0 && approvedBy === null;
  return state === 'revoked' && request !== null && asked > 0;
}

/** Why somebody may decide nothing about an exception; null where they may. */
export function whyUndecided({ scope }: Pick<ExceptionRecord, 'scope'>, caller: Caller): string | null {
  if (!may(caller, 'triage'))
    return 'Your role decides about no findings: an editor or an administrator can.';
  return isWithin(scope, caller.limits) ? null : 'It covers more than you may decide about.';
}

/** Why somebody may not approve an exception, and from when on they may where that is a matter of time. */
function approvalOf(record: ExceptionRecord, { caller, now }: Shown) {
  const refusal = whyUndecided(record, caller) ?? whyOwn(record);
  if (refusal !== null) return { refusal, from: null };
  const unnamed = whyUnnamed(record, { at: now, isAdministrator: isAdministrator(caller) });
  return { refusal: unnamed?.why ?? null, from: isoOrNull(unnamed?.from ?? null) };
}

function whyOwn({ isOwn, request }: ExceptionRecord): string | null {
  if (!isOwn) return null;
  const part = request === null ? '' : ', or had a part in what is found';
  return `You asked for it${part}: a second person has to approve it.`;
}

/** Whether somebody may approve what nobody knows who asked for. */
export function isAdministrator({ role }: Caller): boolean {
  return role === 'admin';
}

/** Whether an exception waits for somebody, wholly or for a part of what it covers. */
export function isWaiting({ approval, state }: ExceptionItem): boolean {
  return approval !== null && state !== 'revoked';
}

/** Who wrote the annotation, as far as the audit log tells: a program that did is nobody. */
function askerOf({ actor }: RequestRecord): string | null {
  return actor && makerOf({ ...actor, managers: [] });
}

function kindInQueries({ kind }: RequestRecord, { sharedKinds }: Pick<Shown, 'sharedKinds'>): string {
  return nameInQuery(kind, sharedKinds);
}

function requestItem(request: RequestRecord, shown: Shown) {
  const { cluster, clusterName, kind, namespace, name, control, annotation } = request;
  const place = namespaceOf({ kind, namespace, name });
  const named = queryForValues({
    control,
    kind: kindInQueries(request, shown),
    namespace: place,
    name,
  });
  return {
    cluster: { id: cluster, name: clusterName },
    resource: {
      group: kind.slice(0, Math.max(0, kind.lastIndexOf('/'))),
      kind: kindOf(kind),
      namespace,
      name,
    },
    control,
    annotation,
    findings: `${named} (state:open OR state:excepted)`,
  };
}

const MOST_SHOWN = 100;

function shownScope({ fingerprints, ...rest }: ScopeInput): Record<string, unknown> {
  if (fingerprints === undefined) return { ...rest };
  return { ...rest, fingerprints: fingerprints.length > MOST_SHOWN ? fingerprints.length : fingerprints };
}

/** What an audit says of an exception, in sentences. */
export function adviceOn(
  {
    scope,
    until,
    covers,
    request = null,
  }: {
    readonly scope: ScopeInput;
    readonly until: string | null;
    /** How many findings; undefined where that is not known yet. */
    readonly covers: number | undefined;
    readonly request?: RequestRecord | null;
  },
  today: string,
): string[] {
  const isExpired = until !== null && until < today;
  const advice = isExpired ? ['It has run out and hides nothing any more.'] : [];
  if (until === null) advice.push('It has no end.');
  if (covers === 0 && !isExpired)
    advice.push(
      request === null
        ? 'It covers nothing.'
        : 'Its object no longer asks for it, or nothing is found there.',
    );
  return [...advice, ...(scope.fingerprints === undefined ? widthOf(scope) : [])];
}

function widthOf({ controls, namespaces, names, labels }: ScopeInput): readonly string[] {
  const isWide = (texts: readonly string[] | undefined): boolean =>
    texts === undefined || texts.some((text) => /^\*+$/.test(text));
  return [
    ...(isWide(controls) ? ['It covers every control.'] : []),
    ...(isWide(namespaces) && isWide(names) && labels === undefined ? ['It covers every namespace.'] : []),
  ];
}
