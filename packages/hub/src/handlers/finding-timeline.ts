import type { TimelineEvent } from '@bulwark/api';
import type { ChangeBy, CommentRecord, FindingVersion, StoredDecision, TriageEvent } from '@bulwark/store';
import { iso, severityOf } from './convert.ts';

/** What is known of the life of a finding. */
export interface FindingLife {
  /** Oldest first. */
  readonly versions: readonly FindingVersion[];
  readonly triage: readonly TriageEvent[];
  readonly comments: readonly CommentRecord[];
}

/** The life of a finding, newest first: when it came and went and by whose change, and what people decided about it. */
export function timelineOf({ versions, triage, comments }: FindingLife): TimelineEvent[] {
  const events = [
    ...versions.flatMap((version, index) => [...ofVersion(version, versions[index - 1])]),
    ...triage.flatMap(ofTriage),
    ...comments.map(({ at, author, text }) => event(at, 'comment', { by: author, text })),
  ];
  return events.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function event(
  at: Date,
  what: TimelineEvent['what'],
  more: { readonly by?: string | null; readonly change?: number; readonly text?: string | null },
): TimelineEvent {
  return {
    at: iso(at),
    what,
    by: more.by ?? null,
    change: more.change ?? null,
    text: more.text ?? null,
  };
}

function byChange(change: ChangeBy | null) {
  if (change === null) return {};
  return { by: change.actor.user ?? change.actor.managers[0] ?? null, change: change.change };
}

function* ofVersion(version: FindingVersion, before: FindingVersion | undefined): Generator<TimelineEvent> {
  const { from, to, openedBy, isResolved, resolvedBy, severity, message } = version;
  const last = before === undefined || before.isResolved ? undefined : before;
  if (last === undefined)
    yield event(from, before === undefined ? 'opened' : 'opened again', byChange(openedBy));
  else if (last.severity !== severity || last.message !== message)
    yield event(from, 'changed', { ...byChange(openedBy), text: `${severityOf(severity)}: ${message}` });
  yield* ofDecisions(version, last);
  if (isResolved && to !== null) yield event(to, 'resolved', byChange(resolvedBy));
}

function* ofDecisions(
  { from, exception, requested }: FindingVersion,
  last: FindingVersion | undefined,
): Generator<TimelineEvent> {
  const [accepted, asked] = [last?.exception ?? null, last?.requested ?? null];
  const refusedBy = requested?.refusedBy ?? null;
  // Whoever ends what was accepted refuses it from then on.
  const isEnded = accepted !== null && refusedBy !== null;
  if (requested !== null && !isEnded && !isSame(requested, asked)) yield ofRequest(from, requested);
  if (exception !== null && !isSame(exception, accepted)) yield event(from, 'accepted', approved(exception));
  if (exception === null && accepted !== null)
    yield event(from, 'no longer accepted', { by: refusedBy, text: accepted.reason });
}

function approved(exception: StoredDecision) {
  const { approvedBy = exception.owner } = exception;
  return { ...decided(exception), by: approvedBy };
}

function ofRequest(from: Date, requested: StoredDecision): TimelineEvent {
  const { refusedBy } = requested;
  return refusedBy === undefined
    ? event(from, 'exception asked for', decided(requested))
    : event(from, 'exception refused', { by: refusedBy, text: requested.reason });
}

function isSame(a: StoredDecision, b: StoredDecision | null): boolean {
  return b !== null && a.id === b.id && a.reason === b.reason && a.until === b.until;
}

function decided({ reason, owner, until }: StoredDecision) {
  return { by: owner, text: until === null ? reason : `${reason} (until ${until})` };
}

/** What somebody set, each part as a sentence of its own. */
function ofTriage({ at, author, change }: TriageEvent): TimelineEvent[] {
  const { assignee, acknowledged, deferredUntil } = change;
  const texts = [
    assignee === undefined ? '' : assignee === null ? 'assigned to nobody' : `assigned to ${assignee}`,
    acknowledged === undefined ? '' : acknowledged ? 'acknowledged' : 'no longer acknowledged',
    deferredUntil === undefined
      ? ''
      : deferredUntil === null
        ? 'no longer deferred'
        : `deferred until ${deferredUntil.slice(0, 10)}`,
  ];
  return texts.filter((text) => text !== '').map((text) => event(at, 'triage', { by: author, text }));
}
