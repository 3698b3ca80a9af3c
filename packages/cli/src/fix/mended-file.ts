import {
  applyEdits,
  type Edit,
  expandDocument,
  isSameJson,
  type JsonObject,
  type KubernetesVersion,
  lineStartsOf,
  type Resource,
} from '@bulwark/core';
import { applySplices, CannotSplice, readDocuments, type Splice, splicesOf } from '@bulwark/formats';
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

/** Makes the proposals of a file together; undefined where the text has no place for them, or they contradict. */
export function mend(text: string, proposals: readonly Proposal[]): MendedFile | undefined {
  const byResource = new Map<Resource, Proposal[]>();
  for (const proposal of proposals) {
    const own = byResource.get(proposal.resource);
    if (own === undefined) byResource.set(proposal.resource, [proposal]);
    else own.push(proposal);
  }
  const wanted = new Map<Resource, JsonObject>();
  const splices: Splice[] = [];
  try {
    for (const [resource, own] of byResource) {
      const edits = own.flatMap((proposal) => proposal.edits);
      wanted.set(resource, applyEdits(resource.object, edits));
      splices.push(...splicesIn(text, resource, edits));
    }
  } catch {
    // The text has no place for an edit, or two edits contradict each other: then they are not made together.
    return undefined;
  }
  return { before: text, after: applySplices(text, splices), splices, proposals, wanted };
}

function splicesIn(text: string, { object, origin }: Resource, edits: readonly Edit[]): Splice[] {
  if (origin.kind !== 'file') throw new CannotSplice('the object has no file');
  return splicesOf(text, { object, offsets: origin.offsets, node: origin.node }, edits);
}

/**
 * Whether every object of a mended file came out exactly as its edits want it, and every other as it was.
 *
 * @param before what the file held.
 * @param now what it holds when it is read again; undefined where it cannot be.
 */
export function isAsWanted(
  { wanted }: MendedFile,
  before: readonly Resource[],
  now: readonly Resource[] | undefined,
): boolean {
  if (now === undefined || before.length !== now.length) return false;
  return before.every((resource, index) =>
    isSameJson(wanted.get(resource) ?? resource.object, now[index]?.object),
  );
}

/** As many proposals of a file as can be made together, tried one after the other. */
export function mendOneByOne(
  text: string,
  proposals: readonly Proposal[],
  { before, kubernetes }: { readonly before: readonly Resource[]; readonly kubernetes: KubernetesVersion },
): MendedFile | undefined {
  let best: MendedFile | undefined;
  for (const proposal of proposals) {
    const next = mend(text, [...(best?.proposals ?? []), proposal]);
    if (next !== undefined && isAsWanted(next, before, resourcesOf(next.after, kubernetes))) best = next;
  }
  return best;
}

/** The objects of a text; undefined where any of it cannot be read. */
function resourcesOf(text: string, kubernetes: KubernetesVersion): Resource[] | undefined {
  const { documents, problems } = readDocuments(text);
  if (problems.length > 0) return undefined;
  const lines = { file: '', lineStarts: lineStartsOf(text) };
  return documents.flatMap((document) => [...expandDocument(document, lines, { kubernetes }).resources]);
}
