import type { TimelineEvent } from '@bulwark/api';
import {
  type ChangeBy,
  type CommentRecord,
  type ExceptionRecord,
  type FindingVersion,
  findException,
  type Store,
  type StoredDecision,
  type TriageEvent,
} from '@bulwark/store';
import type { Limits } from '../access/limits.ts';
import { makerOf } from '../maker.ts';
import { endOf, whyTakenBack } from './acceptance-end.ts';
import { iso, severityOf } from './convert.ts';
import { becauseAsSeen } from './exception-scope.ts';

/** Who asked for exceptions of the hub, approved and ended them, by their numbers. An owner is named by whoever asks. */
export type Deciders = ReadonlyMap<
  number,
  Pick<ExceptionRecord, 'createdBy' | 'approvedBy' | 'revokedBy' | 'revokedBecause'>
>;

/** Those of the exceptions under which a finding ever stood, as somebody with limits may know them. */
export async function decidersOf(
  store: Store,
  versions: readonly FindingVersion[],
  limits: Limits,
): Promise<Deciders> {
  const decisions = versions.flatMap(({ exception, requested }) => [exception ?? [], requested ?? []].flat());
  const ids = new Set(
    decisions.flatMap(({ id, annotation }) => (annotation === undefined ? (id ?? []) : [])),
  );
  const records = await Promise.all([...ids].map((id) => findException(store, id)));
  return new Map(
    records.flatMap((record) =>
      record === undefined
        ? []
        : [[record.id, { ...record, revokedBecause: becauseAsSeen(record, limits) }] as const],
    ),
  );
}

/** What is known of the life of a finding. */
export interface FindingLife {
  /** Oldest first. */
  readonly versions: readonly FindingVersion[];
  readonly triage: readonly TriageEvent[];
  readonly comments: readonly CommentRecord[];
  readonly deciders: Deciders;
}

/** The life of a finding, newest first: when it came and went and by whose change, and what people decided about it. */
export function timelineOf({ versions, triage, comments, deciders }: FindingLife): TimelineEvent[] {
  const events = [
    ...versions.flatMap((version, index) => [...ofVersion(version, versions[index - 1], deciders)]),
    ...triage.flatMap(ofTriage),
    ...comments.map(({ at, author, text }) => event(at, 'comment', { by: author, text })),
  ];
  return events.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function event(
  at: Date,
  what: TimelineEvent['what'],
  more: {
    readonly by?: string | null;
    readonly change?: number;
    readonly text?: string | null;
    readonly until?: string | null;
  },
): TimelineEvent {
  return {
    at: iso(at),
    what,
    by: more.by ?? null,
    change: more.change ?? null,
    text: more.text ?? null,
    until: more.until ?? null,
  };
}

function byChange(change: ChangeBy | null) {
  if (change === null) return {};
  return { by: makerOf(change.actor), change: change.change };
}

function* ofVersion(
  version: FindingVersion,
  before: FindingVersion | undefined,
  deciders: Deciders,
): Generator<TimelineEvent> {
  const { from, to, openedBy, isResolved, resolvedBy, severity, message } = version;
  const last = before === undefined || before.isResolved ? undefined : before;
  if (last === undefined)
    yield event(from, before === undefined ? 'opened' : 'opened again', byChange(openedBy));
  else if (last.severity !== severity || last.message !== message)
    yield event(from, 'changed', { ...byChange(openedBy), text: `${severityOf(severity)}: ${message}` });
  yield* ofDecisions(version, last, deciders);
  if (isResolved && to !== null) yield event(to, 'resolved', byChange(resolvedBy));
}

type Decided = Pick<FindingVersion, 'exception' | 'requested' | 'openedBy'>;

const UNDECIDED: Decided = { exception: null, requested: null, openedBy: null };

/** Who decides: people of the hub, or whoever made the change with which a version came. */
interface Decision {
  readonly deciders: Deciders;
  /** Null where a version came with no change of its object, such as by what somebody decided in the hub. */
  readonly change: ChangeBy | null;
}

function* ofDecisions(
  version: FindingVersion,
  last: Decided | undefined,
  deciders: Deciders,
): Generator<TimelineEvent> {
  const before = last ?? UNDECIDED;
  const { openedBy } = version;
  // A version without a change of its own has that of the one before.
  const decision = { deciders, change: openedBy?.change === before.openedBy?.change ? null : openedBy };
  yield* asking(version, before, decision);
  yield* accepting(version, before, decision);
}

/** Who wrote what an annotation says; nothing for what was said in the hub. */
function byAnnotation({ annotation }: StoredDecision, { change }: Decision) {
  return annotation === undefined ? {} : byChange(change);
}

function* asking(
  { from, exception, requested }: FindingVersion,
  { exception: accepted, requested: asked }: Decided,
  decision: Decision,
): Generator<TimelineEvent> {
  if (requested === null) {
    if (asked !== null && exception === null) yield* refusal(from, asked, decision.deciders);
    return;
  }
  // Whoever ends what was accepted refuses it from then on.
  const isEnded = accepted !== null && requested.refusedBy !== undefined;
  if (!isEnded && !isSame(requested, asked)) yield ofRequest(from, requested, decision);
}

function* accepting(
  { from, exception, requested }: FindingVersion,
  { exception: accepted }: Decided,
  decision: Decision,
): Generator<TimelineEvent> {
  if (exception !== null) {
    if (!isSame(exception, accepted)) yield acceptance(from, exception, decision);
  } else if (accepted !== null) yield ending(from, accepted, { requested, ...decision });
}

function acceptance(from: Date, exception: StoredDecision, decision: Decision): TimelineEvent {
  const { approvedBy: answeredBy, createdBy = null } = deciderOf(exception, decision.deciders) ?? {};
  const { annotation, approvedBy } = exception;
  const text = textOf(exception);
  // Whoever writes again what was approved before has it accepted, not who approved.
  if (annotation !== undefined && approvedBy !== undefined && decision.change !== null)
    return event(from, 'accepted', {
      ...byChange(decision.change),
      text: textOf(exception, `approved by ${approvedBy}`),
    });
  const by = approvedBy ?? answeredBy ?? createdBy;
  return event(from, 'accepted', by === null ? { ...byAnnotation(exception, decision), text } : { by, text });
}

function ending(
  from: Date,
  accepted: StoredDecision,
  { requested, ...decision }: Decision & Pick<Decided, 'requested'>,
): TimelineEvent {
  const text = accepted.reason;
  const { revokedBy = null } = deciderOf(accepted, decision.deciders) ?? {};
  const end = endOf({ accepted, requested, at: from, revokedBy, change: decision.change });
  switch (end.how) {
    case 'ended':
      return event(from, 'no longer accepted', { by: end.by, text });
    case 'taken back':
      return event(from, 'no longer accepted', { text: `${text} (${whyTakenBack(end.from)})` });
    case 'changed':
      return event(from, 'no longer accepted', { ...byChange(end.change), text });
    case 'ran out':
    case 'unknown':
      return event(from, 'no longer accepted', { text });
  }
}

/** What was asked for in the hub and refused there; what an annotation no longer asks for was refused by nobody. */
function* refusal(from: Date, asked: StoredDecision, deciders: Deciders): Generator<TimelineEvent> {
  const { revokedBy = null, revokedBecause = null } = deciderOf(asked, deciders) ?? {};
  if (revokedBy !== null)
    yield event(from, 'exception refused', { by: revokedBy, text: revokedBecause ?? asked.reason });
}

function deciderOf({ id, annotation }: StoredDecision, deciders: Deciders) {
  return id === null || annotation !== undefined ? undefined : deciders.get(id);
}

function ofRequest(from: Date, requested: StoredDecision, decision: Decision): TimelineEvent {
  const { refusedBy } = requested;
  if (refusedBy !== undefined)
    return event(from, 'exception refused', { by: refusedBy, text: requested.reason });
  const text = textOf(requested);
  if (requested.annotation === undefined) {
    const by = deciderOf(requested, decision.deciders)?.createdBy ?? null;
    return event(from, 'exception asked for', { by, text });
  }
  // A program that wrote it is nobody who asks.
  const by = decision.change && makerOf({ ...decision.change.actor, managers: [] });
  return event(from, 'exception asked for', { ...byChange(decision.change), by, text });
}

function isSame(a: StoredDecision, b: StoredDecision | null): boolean {
  return b !== null && a.id === b.id && a.reason === b.reason && a.until === b.until;
}

/** Why, who answers for it, until when, and what else there is to say. */
function textOf({ reason, owner, until }: StoredDecision, ...others: readonly string[]): string {
  const more = [
    ...(owner === null ? [] : [`owner ${owner}`]),
    ...(until === null ? [] : [`until ${until}`]),
    ...others,
  ];
  return more.length === 0 ? reason : `${reason} (${more.join(', ')})`;
}

const DEFERRED = 'deferred';

/** What somebody set, each part as a sentence of its own. The day of a moment is another one elsewhere: whoever shows it says it. */
function ofTriage({ at, author, change }: TriageEvent): TimelineEvent[] {
  const { assignee, acknowledged, deferredUntil } = change;
  const texts = [
    assignee === undefined ? '' : assignee === null ? 'assigned to nobody' : `assigned to ${assignee}`,
    acknowledged === undefined ? '' : acknowledged ? 'acknowledged' : 'no longer acknowledged',
    deferredUntil === undefined ? '' : deferredUntil === null ? 'no longer deferred' : DEFERRED,
  ];
  return texts
    .filter((text) => text !== '')
    .map((text) =>
      event(at, 'triage', { by: author, text, until: text === DEFERRED ? (deferredUntil ?? null) : null }),
    );
}
