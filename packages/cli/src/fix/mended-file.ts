import { applyEdits, type Edit, isSameJson, type JsonObject, type Resource } from '@bulwark/core';
import { applySplices, CannotSplice, type Splice, splicesOf } from '@bulwark/formats';
import { grouped } from './parts.ts';
import type { Proposal } from './proposals.ts';

/** A file with edits made. */
export interface MendedFile {
  readonly before: string;
  readonly after: string;
  readonly splices: readonly Splice[];
  readonly proposals: readonly Proposal[];
  /** What objects have to be then, by what they were; all others have to be what they were. */
  readonly wanted: ReadonlyMap<Resource, JsonObject>;
}

/** The splices of some proposals, and what they are to make. */
export interface Mending {
  readonly splices: readonly Splice[];
  readonly wanted: ReadonlyMap<Resource, JsonObject>;
  /** Objects whose text has no place for an edit, or whose edits contradict each other, and why, as `Refusal.why`. */
  readonly failed: ReadonlyMap<Resource, string>;
}

/**
 * Makes as many proposals of a file together as its text has places for; of two for one object that contradict each
 * other, the first one. Undefined where none can be made.
 */
export function mend(text: string, proposals: readonly Proposal[]): MendedFile | undefined {
  const { failed, ...all } = mendingOf(text, proposals);
  if (failed.size === 0) return mendedBy(text, proposals, all);
  const own = grouped(proposals, ({ resource }) => resource);
  const left = new Set([...failed.keys()].flatMap((resource) => leftOut(text, own.get(resource) ?? [])));
  const made = proposals.filter((proposal) => !left.has(proposal));
  return made.length === 0 ? undefined : mendedBy(text, made, mendingOf(text, made));
}

function mendedBy(
  before: string,
  proposals: readonly Proposal[],
  { splices, wanted }: Omit<Mending, 'failed'>,
): MendedFile {
  return { before, after: applySplices(before, splices), splices, proposals, wanted };
}

/** What of an object's proposals cannot be made beside those before it. */
function leftOut(text: string, proposals: readonly Proposal[]): Proposal[] {
  const made: Proposal[] = [];
  return proposals.filter((proposal) => {
    const isLeft = mendingOf(text, [...made, proposal]).failed.size > 0;
    if (!isLeft) made.push(proposal);
    return isLeft;
  });
}

/** How proposals are made in a text. */
export function mendingOf(text: string, proposals: readonly Proposal[]): Mending {
  const byResource = grouped(proposals, ({ resource }) => resource);
  const wanted = new Map<Resource, JsonObject>();
  const failed = new Map<Resource, string>();
  // By what they do: objects of one document that share an anchor are edited in one place.
  const splices = new Map<string, Splice>();
  for (const [resource, own] of byResource) {
    try {
      const edits = own.flatMap((proposal) => proposal.edits);
      wanted.set(resource, applyEdits(resource.object, edits));
      for (const splice of splicesIn(text, resource, edits))
        splices.set(`${splice.start}|${splice.end}|${splice.text}`, splice);
    } catch (error) {
      // The text has no place for an edit, or two edits contradict each other: then they are not made together.
      failed.set(resource, error instanceof CannotSplice ? error.message : 'its edits contradict each other');
    }
  }
  return { splices: [...splices.values()], wanted, failed };
}

function splicesIn(text: string, { object, origin }: Resource, edits: readonly Edit[]): Splice[] {
  if (origin.kind !== 'file') throw new CannotSplice('the object has no file');
  return splicesOf(text, { object, offsets: origin.offsets, node: origin.node }, edits);
}

/**
 * The objects that did not come out as their edits want them, or, without edits, as they were.
 *
 * @param before what a text held.
 * @param now what it holds when it is read again.
 * @returns undefined where it cannot be read, or holds more or fewer objects.
 */
export function notAsWanted(
  { wanted }: Pick<Mending, 'wanted'>,
  before: readonly Resource[],
  now: readonly Resource[] | undefined,
): ReadonlySet<Resource> | undefined {
  if (now === undefined || before.length !== now.length) return undefined;
  return new Set(
    before.filter(
      (resource, index) => !isSameJson(wanted.get(resource) ?? resource.object, now[index]?.object),
    ),
  );
}
