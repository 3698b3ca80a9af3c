import type { ObjectWrite, SeenChange } from './attribute.ts';

/** By how much the clocks of hub and API server may differ, in milliseconds. */
export const SKEW_MS = 10_000;
export const SECOND = 1000;

/** Whether a version of an object notes that it was written by this request, or after it. */
export function isNotedLater(version: SeenChange | undefined, write: ObjectWrite): boolean {
  if (version?.written === undefined || version.effect === 'deleted') return false;
  if (write.effect !== 'changed' || write.isOfStatus) return false;
  return write.done < version.written + SECOND || isNoted(version, write);
}

/**
 * Whether a request is behind the version before a change, not behind the change. Two of one second have one note, so that this can be
 * of the second of them as long as it is near.
 */
export function isPast({ at }: SeenChange, before: SeenChange | undefined, write: ObjectWrite): boolean {
  return isMadeBefore(before, write) || (isNotedLater(before, write) && at - write.done > SKEW_MS);
}

/** Whether a request created something and the log does not tell its name. */
export function isUnnamed({ effect, name }: ObjectWrite): boolean {
  return effect === 'created' && name === '';
}

/** Whether resource versions tell that a request came before a change, or changed nothing. */
function isMadeBefore(before: SeenChange | undefined, { after }: ObjectWrite): boolean {
  const [seen, made] = [numberOf(before?.resourceVersion), numberOf(after)];
  return seen !== undefined && made !== undefined && made <= seen;
}

/** Whether a request can have made a change, by what both say of the object, of versions and of time. */
export function fits(change: SeenChange, before: SeenChange | undefined, write: ObjectWrite): boolean {
  // The first that is seen of a deletion may be that the object ends, as of a Namespace: a version that the request made.
  if (write.effect === 'deleted' && change.effect === 'changed')
    return isOf(change, write) && isExact(change, write);
  if (!canHave(write, change.effect) || !isOf(change, write) || isLater(change, write)) return false;
  if (write.isOfStatus && !change.isOfMetadata) return false;
  // What the API server alone says needs no clock of the hub, which may differ by any time.
  if (isExact(change, write) || isNoted(change, write)) return true;
  if (change.effect === 'changed' && isPast(change, before, write)) return false;
  return !isUnnamed(write) && isInTime(change, write);
}

/** Server-side apply creates by a patch, and some kinds by an update: which it was, only an answer tells. */
function canHave({ effect, mayHaveFailed }: ObjectWrite, seen: SeenChange['effect']): boolean {
  return effect === seen || (mayHaveFailed && effect === 'changed' && seen === 'created');
}

function isInTime({ at, since }: SeenChange, { received, done }: ObjectWrite): boolean {
  return received <= at + SKEW_MS && (since === undefined || done >= since - SKEW_MS);
}

/** Whether both are of one object, as far as the log tells which. */
export function isOf(change: SeenChange, write: ObjectWrite): boolean {
  return write.uid === undefined || change.uid === undefined || write.uid === change.uid;
}

/** Whether resource versions tell that a request came after the change. They are numbers where they come from etcd. */
export function isLater({ resourceVersion }: SeenChange, { before, after }: ObjectWrite): boolean {
  const seen = numberOf(resourceVersion);
  if (seen === undefined) return false;
  const made = numberOf(after);
  if (made !== undefined) return made > seen;
  const based = numberOf(before);
  return based !== undefined && based >= seen;
}

function numberOf(version: string | undefined): bigint | undefined {
  return version !== undefined && /^\d{1,20}$/.test(version) ? BigInt(version) : undefined;
}

/** Whether versions or uids tell that a request made a change. */
export function isExact(change: SeenChange, write: ObjectWrite): boolean {
  if (change.effect === 'changed') return write.after !== undefined && write.after === change.resourceVersion;
  // An object is created once, and what deletes it knows which one it was.
  return write.uid !== undefined && write.uid === change.uid;
}

/** Whether the object itself names the manager and the second of the request; of what has no name, the second in which it was created. */
export function isNoted({ created, written, manager }: SeenChange, write: ObjectWrite): boolean {
  const second = isUnnamed(write) ? created : written;
  if (second === undefined || write.isOfStatus) return false;
  if (!isUnnamed(write) && write.manager !== manager) return false;
  return write.received < second + SECOND && write.done >= second;
}

/** Whether the object notes another request for this change, which the log does not tell. */
export function isContradicted(change: SeenChange, write: ObjectWrite): boolean {
  const { effect, written } = change;
  if (effect !== 'changed' || written === undefined || write.isOfStatus) return false;
  return !isNoted(change, write) && !isExact(change, write);
}

/**
 * Whether a request can have made a change that adds something though the object notes nothing new for it: one of the status or the
 * scale, or one of the same manager in the second that was noted before.
 */
export function isNoteless(seen: SeenChange, write: ObjectWrite): boolean {
  return write.isOfStatus || write.manager === undefined || isExact(seen, write) || isNoted(seen, write);
}
