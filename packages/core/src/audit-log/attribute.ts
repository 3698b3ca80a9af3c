import { isControlPlane } from './control-plane.ts';
import type { AuditActor, AuditWrite } from './write.ts';

/** A change of one object as it was seen, and what helps to tell which request made it. */
export interface SeenChange {
  readonly id: number;
  readonly effect: AuditWrite['effect'];
  /** When it was seen, in milliseconds since 1970, by the clock of the hub. */
  readonly at: number;
  /** Since when what was there before had been seen: the request cannot be older. */
  readonly since: number | undefined;
  /** The second in which an object was created, by the clock of the API server. */
  readonly created: number | undefined;
  /** Whether more changed than the spec, so that it may be of a request about the status. */
  readonly isOfMetadata: boolean;
  readonly uid: string | undefined;
  /** Of the version in which it was first seen. */
  readonly resourceVersion: string | undefined;
  /** The field manager that wrote last, and the second in which it did, by the clock of the API server. */
  readonly manager: string | undefined;
  readonly written: number | undefined;
}

/** A request about an object that is known already, or about many. */
export type ObjectWrite = Omit<AuditWrite, 'group' | 'resource'>;

/** Who made a change. */
export interface Attribution<W extends ObjectWrite> {
  readonly change: number;
  readonly write: W;
  /** Whether others could have made it: the nearest in time is named. */
  readonly isUncertain: boolean;
  /** Whether it is of one of several who made things without a name in that second: nobody can tell which, so that none is named. */
  readonly isOfOne: boolean;
  /** Who else wrote to the object since the change before, so that parts of this one may be theirs: the last first. */
  readonly others: readonly AuditActor[];
}

/** A change with the request that made it, and with all that could have. */
type Found<W extends ObjectWrite> = Omit<Attribution<W>, 'others'> & { readonly pool: readonly W[] };

/** By how much the clocks of hub and API server may differ, in milliseconds. */
const SKEW_MS = 10_000;
/** How long before it was seen a request can have been without reason for doubt. */
const NEAR_MS = 60_000;
const SECOND = 1000;

/**
 * Finds for each change of one object the request that made it, among the requests about this object and those that
 * deleted many. The answer does not depend on the order in which both came. Cost: changes times requests.
 */
export function attribute<W extends ObjectWrite>(
  changes: readonly SeenChange[],
  writes: readonly W[],
): readonly Attribution<W>[] {
  const inOrder = changes.toSorted((a, b) => a.at - b.at || a.id - b.id);
  const { found, used } = find(inOrder, writes);
  // What made no change of its own may be a part of one that was seen when it was over.
  const unused = writes.filter(({ id, name }) => name !== '' && !used.has(id));
  const behind = new Set([...found.values()].map(({ write }) => write.id));
  return inOrder.flatMap((change, index) => {
    const own = found.get(change.id);
    if (own === undefined) return [];
    const before = inOrder[index - 1];
    const last = (before && found.get(before.id))?.write;
    const since = last === undefined || last.isOfStatus ? change.since : last.done;
    const { pool, ...told } = own;
    const others = othersOf(own, unused, { change, before, since, behind });
    return [
      { ...told, others: told.isOfOne ? eachOnce([...pool.map(({ actor }) => actor), ...others]) : others },
    ];
  });
}

function find<W extends ObjectWrite>(inOrder: readonly SeenChange[], writes: readonly W[]) {
  const used = new Set<string>();
  const found = new Map<number, Found<W>>();
  for (const [index, seen] of inOrder.entries()) {
    const before = inOrder[index - 1];
    const change = withOwnNote(seen, before);
    const possible = writes.filter((write) => !used.has(write.id) && fits(change, before, write));
    const { pool, isSure } = narrow(change, likeliest(change, before, possible));
    const write = nearest(change, pool);
    if (write === undefined) continue;
    // What deleted many may have deleted the next one too, and what began to end an object is to be seen ending it.
    if (write.name !== '' && write.effect === change.effect && !write.isOfStatus) used.add(write.id);
    const isFar = distance(change, write) > NEAR_MS;
    const isUncertain =
      new Set(pool.map(({ actor }) => textOf(actor))).size > 1 ||
      (isFar && !isSure) ||
      (write.mayHaveFailed && !isNoted(change, write));
    const isOfOne = isUnnamed(write) && new Set(pool.map(({ actor }) => personOf(actor))).size > 1;
    found.set(change.id, { change: change.id, write, isUncertain, isOfOne, pool });
  }
  return { found, used };
}

/** A write of the status leaves the note of the manager that wrote the object before it: that is no note of this change. */
function withOwnNote(change: SeenChange, before: SeenChange | undefined): SeenChange {
  const isSame = before?.written === change.written && before?.manager === change.manager;
  return isSame && change.effect === 'changed'
    ? { ...change, manager: undefined, written: undefined }
    : change;
}

/**
 * What tells the name of what was created is meant before what does not. What writes the object is meant before what writes its status,
 * where some of it is not in the version before: of several requests that were seen as one, some are left over. And what wrote is meant
 * before what may have failed.
 */
function likeliest<W extends ObjectWrite>(
  change: SeenChange,
  before: SeenChange | undefined,
  writes: readonly W[],
): readonly W[] {
  const best = writes.filter((write) => !isUnnamed(write) && !write.isOfStatus && !write.mayHaveFailed);
  return best.some((write) => isNew(change, before, write)) ? best : writes;
}

function isNew(change: SeenChange, before: SeenChange | undefined, write: ObjectWrite): boolean {
  if (change.effect !== 'changed' || isExact(change, write) || isNoted(change, write)) return true;
  const { since = Number.NEGATIVE_INFINITY } = change;
  return write.done >= since && !isNotedLater(before, write);
}

/** Whether a version of an object notes that it was written by this request, or after it. */
function isNotedLater(version: SeenChange | undefined, write: ObjectWrite): boolean {
  if (version?.written === undefined || version.effect === 'deleted') return false;
  if (write.effect !== 'changed' || write.isOfStatus) return false;
  return write.done < version.written + SECOND || isNoted(version, write);
}

/**
 * Whether a request is behind the version before a change, not behind the change. Two of one second have one note, so that this can be
 * of the second of them as long as it is near.
 */
function isPast({ at }: SeenChange, before: SeenChange | undefined, write: ObjectWrite): boolean {
  return isMadeBefore(before, write) || (isNotedLater(before, write) && at - write.done > SKEW_MS);
}

/** Whether a request created something and the log does not tell its name. */
function isUnnamed({ effect, name }: ObjectWrite): boolean {
  return effect === 'created' && name === '';
}

/** In what a change was made: since the request that made the one before, or since that was seen. */
interface Span {
  readonly change: SeenChange;
  readonly before: SeenChange | undefined;
  readonly since: number | undefined;
  /** The requests that are behind a change: what was written with the status after this one was seen may be another change. */
  readonly behind: ReadonlySet<string>;
}

function othersOf<W extends ObjectWrite>(
  { write }: Found<W>,
  unused: readonly W[],
  span: Span,
): AuditActor[] {
  const { change, before, since = Number.NEGATIVE_INFINITY } = span;
  if (change.effect === 'deleted') return [];
  // A creation comes first of what is seen as one; of changes that which made the version comes last.
  const [from, to] = change.effect === 'created' ? [write.done, change.at] : [since, write.done];
  const byText = new Map<string, AuditActor>();
  for (const other of unused.toSorted((a, b) => b.done - a.done || (a.id < b.id ? -1 : 1))) {
    const isIn =
      other.isOfStatus || other.mayHaveFailed
        ? isBeside(span, other, from)
        : other.done >= from && other.done <= to;
    if (
      other.effect !== 'changed' ||
      !isIn ||
      !isOf(change, other) ||
      isLater(change, other) ||
      isPast(change, before, other)
    )
      continue;
    byText.set(textOf(other.actor), byText.get(textOf(other.actor)) ?? other.actor);
  }
  byText.delete(textOf(write.actor));
  return [...byText.values()];
}

function eachOnce(actors: readonly AuditActor[]): readonly AuditActor[] {
  return [...new Map(actors.toReversed().map((actor) => [personOf(actor), actor])).values()].reverse();
}

/**
 * Whether a change may have a part of what was written with the status, or of what may have failed. These may be written after what made
 * the version.
 */
function isBeside({ change, behind }: Span, write: ObjectWrite, from: number): boolean {
  const { id, isOfStatus, received, done } = write;
  const skew = behind.has(id) ? 0 : SKEW_MS;
  return (!isOfStatus || change.isOfMetadata) && done >= from && received <= change.at + skew;
}

/** Whether resource versions tell that a request came before a change, or changed nothing. */
function isMadeBefore(before: SeenChange | undefined, { after }: ObjectWrite): boolean {
  const [seen, made] = [numberOf(before?.resourceVersion), numberOf(after)];
  return seen !== undefined && made !== undefined && made <= seen;
}

function fits(change: SeenChange, before: SeenChange | undefined, write: ObjectWrite): boolean {
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

function isOf(change: SeenChange, write: ObjectWrite): boolean {
  return write.uid === undefined || change.uid === undefined || write.uid === change.uid;
}

/** Whether resource versions tell that a request came after the change. They are numbers where they come from etcd. */
function isLater({ resourceVersion }: SeenChange, { before, after }: ObjectWrite): boolean {
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

/** The requests that remain when the best reason to choose among them is followed. */
function narrow<W extends ObjectWrite>(change: SeenChange, possible: readonly W[]) {
  const exact = possible.filter((write) => isExact(change, write));
  const noted = possible.filter((write) => isNoted(change, write));
  const earlier = possible.filter(({ received }) => received <= change.at);
  const best = [exact, noted, earlier].find(({ length }) => length > 0) ?? possible;
  const pool = preferred(change, best);
  return { pool, isSure: best !== earlier && best !== possible && pool.length === best.length };
}

function isExact(change: SeenChange, write: ObjectWrite): boolean {
  if (change.effect === 'changed') return write.after !== undefined && write.after === change.resourceVersion;
  // An object is created once, and what deletes it knows which one it was.
  return write.uid !== undefined && write.uid === change.uid;
}

/** Whether the object itself names the manager and the second of the request; of what has no name, the second in which it was created. */
function isNoted({ created, written, manager }: SeenChange, write: ObjectWrite): boolean {
  const second = isUnnamed(write) ? created : written;
  if (second === undefined || write.isOfStatus) return false;
  if (!isUnnamed(write) && write.manager !== manager) return false;
  return write.received < second + SECOND && write.done >= second;
}

/**
 * Who deleted the object by its name is meant before who deleted many, and who asked for it before the part of Kubernetes
 * that carried it out.
 */
function preferred<W extends ObjectWrite>({ effect }: SeenChange, writes: readonly W[]): readonly W[] {
  if (effect !== 'deleted') return writes;
  const best = Math.min(...writes.map(rankOf));
  return writes.filter((write) => rankOf(write) === best);
}

function rankOf({ name, actor }: ObjectWrite): number {
  return (name === '' ? 1 : 0) + (isControlPlane(actor) ? 2 : 0);
}

function nearest<W extends ObjectWrite>(change: SeenChange, writes: readonly W[]): W | undefined {
  return writes.toSorted((a, b) => distance(change, a) - distance(change, b) || (a.id < b.id ? -1 : 1))[0];
}

function distance({ at }: SeenChange, { isOfStatus, received, done }: ObjectWrite): number {
  return isOfStatus && received <= at && at <= done ? 0 : Math.abs(at - done);
}

function personOf({ user, impersonatedBy }: AuditActor): string {
  return JSON.stringify([user, impersonatedBy]);
}

function textOf({ user, impersonatedBy, address, userAgent }: AuditActor): string {
  return JSON.stringify([user, impersonatedBy, address, userAgent]);
}
