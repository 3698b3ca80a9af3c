import { isControlPlane } from './control-plane.ts';
import {
  fits,
  isContradicted,
  isExact,
  isLater,
  isNoted,
  isNotedLater,
  isNoteless,
  isOf,
  isPast,
  isUnnamed,
  SECOND,
  SKEW_MS,
} from './fits.ts';
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
  /** Whether it only took something away: of a request that does so the object may note nothing. */
  readonly isRemoval: boolean;
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

/** How long before it was seen a request can have been without reason for doubt. */
const NEAR_MS = 60_000;

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
    const isNotedAnew = change === seen;
    const possible = writes.filter(
      (write) =>
        !used.has(write.id) &&
        fits(change, before, write) &&
        (isNotedAnew || change.isRemoval || isNoteless(seen, write)),
    );
    const { pool, isSure } = narrow(change, likeliest(change, before, possible, isNotedAnew));
    const write = nearest(change, pool);
    if (write === undefined) continue;
    // What deleted many may have deleted the next one too, and what began to end an object is to be seen ending it.
    if (write.name !== '' && write.effect === change.effect && !write.isOfStatus) used.add(write.id);
    const isFar = distance(change, write) > NEAR_MS;
    const isUncertain =
      new Set(pool.map(({ actor }) => textOf(actor))).size > 1 ||
      (isFar && !isSure) ||
      (write.mayHaveFailed && !isNoted(change, write)) ||
      isContradicted(change, write);
    const isOfOne = isUnnamed(write) && new Set(pool.map(({ actor }) => personOf(actor))).size > 1;
    found.set(change.id, { change: change.id, write, isUncertain, isOfOne, pool });
  }
  return { found, used };
}

/**
 * A write of the status leaves the note of the manager that wrote the object before it, and so does a request that only takes something
 * away: that is no note of this change.
 */
function withOwnNote(change: SeenChange, before: SeenChange | undefined): SeenChange {
  const { effect, written, since } = change;
  if (effect !== 'changed' || written === undefined) return change;
  const isSame = before?.written === written && before.manager === change.manager;
  const isOld = before === undefined && since !== undefined && written + SECOND + SKEW_MS < since;
  return isSame || isOld ? { ...change, manager: undefined, written: undefined } : change;
}

/**
 * What tells the name of what was created is meant before what does not. What writes the object is meant before what writes its status,
 * where the object notes something new, and where some of it is not in the version before: of several requests that were seen as one,
 * some are left over. And what wrote is meant before what may have failed.
 */
function likeliest<W extends ObjectWrite>(
  change: SeenChange,
  before: SeenChange | undefined,
  writes: readonly W[],
  isNotedAnew: boolean,
): readonly W[] {
  const best = writes.filter(
    (write) => !isUnnamed(write) && !write.mayHaveFailed && !(write.isOfStatus && isNotedAnew),
  );
  return best.some((write) => isNew(change, before, write)) ? best : writes;
}

function isNew(change: SeenChange, before: SeenChange | undefined, write: ObjectWrite): boolean {
  if (change.effect !== 'changed' || isExact(change, write) || isNoted(change, write)) return true;
  const { since = Number.NEGATIVE_INFINITY } = change;
  return write.done >= since && !isNotedLater(before, write);
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

/** The requests that remain when the best reason to choose among them is followed. */
function narrow<W extends ObjectWrite>(change: SeenChange, possible: readonly W[]) {
  const exact = possible.filter((write) => isExact(change, write));
  const noted = possible.filter((write) => isNoted(change, write));
  const earlier = possible.filter(({ received }) => received <= change.at);
  const best = [exact, noted, earlier].find(({ length }) => length > 0) ?? possible;
  const pool = preferred(change, best);
  return { pool, isSure: best !== earlier && best !== possible && pool.length === best.length };
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
