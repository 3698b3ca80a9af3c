import {
  applyEdits,
  canonicalJson,
  type Edit,
  expandDocument,
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
}

/**
 * Makes as many proposals of a file as can be made together: every object must come out exactly as its edits want it,
 * and every other as it was. What cannot be made, or would change more than it should, is left out.
 */
export function mend(
  text: string,
  proposals: readonly Proposal[],
  kubernetes: KubernetesVersion,
): MendedFile {
  const all = attempt(text, proposals, kubernetes);
  if (all !== undefined) return all;
  let best: MendedFile = { before: text, after: text, splices: [], proposals: [] };
  for (const proposal of proposals) best = attempt(text, [...best.proposals, proposal], kubernetes) ?? best;
  return best;
}

function attempt(
  text: string,
  proposals: readonly Proposal[],
  kubernetes: KubernetesVersion,
): MendedFile | undefined {
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
  const after = applySplices(text, splices);
  return isAsWanted(text, after, { wanted, kubernetes })
    ? { before: text, after, splices, proposals }
    : undefined;
}

function splicesIn(text: string, { object, origin }: Resource, edits: readonly Edit[]): Splice[] {
  if (origin.kind !== 'file') throw new CannotSplice('the object has no file');
  return splicesOf(text, { object, offsets: origin.offsets, node: origin.node }, edits);
}

/** Whether a text holds the same objects as another, but for those that are wanted otherwise. */
function isAsWanted(
  before: string,
  after: string,
  expected: { readonly wanted: ReadonlyMap<Resource, JsonObject>; readonly kubernetes: KubernetesVersion },
): boolean {
  const { wanted, kubernetes } = expected;
  const changes = new Map([...wanted].map(([{ origin }, object]) => [placeOf(origin), object]));
  const [old, now] = [before, after].map((text) => resourcesOf(text, kubernetes));
  if (old === undefined || now === undefined || old.length !== now.length) return false;
  return old.every(
    ({ object, origin }, index) =>
      canonicalJson(changes.get(placeOf(origin)) ?? object) === canonicalJson(now[index]?.object),
  );
}

/** Names an object in its file. */
function placeOf(origin: Resource['origin']): string {
  return origin.kind === 'file' ? `${origin.document}|${origin.node}` : '';
}

/** The objects of a text; undefined where any of it cannot be read. */
function resourcesOf(text: string, kubernetes: KubernetesVersion): Resource[] | undefined {
  const { documents, problems } = readDocuments(text);
  if (problems.length > 0) return undefined;
  const lines = { file: '', lineStarts: lineStartsOf(text) };
  return documents.flatMap((document) => [...expandDocument(document, lines, { kubernetes }).resources]);
}
