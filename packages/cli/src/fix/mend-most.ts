import { expandDocument, type KubernetesVersion, lineStartsOf, type Resource } from '@bulwark/core';
import { applySplices, type DocumentSlice, readDocuments, splitDocuments } from '@bulwark/formats';
import { type MendedFile, mend, mendingOf, notAsWanted } from './mended-file.ts';
import { grouped, halvesWithin } from './parts.ts';
import type { Proposal } from './proposals.ts';

/** What a file holds. */
export interface FileContent {
  readonly text: string;
  /** In the order of the text. */
  readonly resources: readonly Resource[];
  readonly kubernetes: KubernetesVersion;
}

/** How often a document is read to find what can be made in it. What is not found by then is not made. */
const MOST_READS = 200;

/**
 * As many proposals of a file as can be made together, found document by document; of two that contradict each other,
 * the first one.
 */
export function mendMost(content: FileContent, proposals: readonly Proposal[]): MendedFile | undefined {
  const { text, resources } = content;
  const byResource = grouped(proposals, ({ resource }) => resource);
  const taken: Proposal[] = [];
  let next = 0;
  for (const slice of splitDocuments(text)) {
    const first = next;
    while (next < resources.length && startOf(resources[next]) < slice.end) next++;
    const held = resources.slice(first, next);
    const own = held.flatMap((resource) => byResource.get(resource) ?? []);
    if (own.length > 0) taken.push(...new DocumentTrial({ ...content, resources: held }, slice).most(own));
  }
  return taken.length === 0 ? undefined : mend(text, taken);
}

function startOf(resource: Resource | undefined): number {
  return resource?.origin.kind === 'file' ? (resource.origin.offsets[resource.origin.node + 1] ?? 0) : 0;
}

/** Tries proposals for the objects of one document. */
class DocumentTrial {
  private readonly content: FileContent;
  private readonly slice: DocumentSlice;
  private taken: readonly Proposal[] = [];
  private reads = 0;

  constructor(content: FileContent, slice: DocumentSlice) {
    this.content = content;
    this.slice = slice;
  }

  most(proposals: readonly Proposal[]): readonly Proposal[] {
    this.admit(proposals);
    return this.taken;
  }

  private admit(proposals: readonly Proposal[]): void {
    if (proposals.length === 0 || this.reads >= MOST_READS) return;
    const all = [...this.taken, ...proposals];
    const wrong = this.wrongAfter(all);
    if (wrong?.size === 0) {
      this.taken = all;
      return;
    }
    if (proposals.length === 1) return;
    const sound = proposals.filter(({ resource }) => wrong?.has(resource) === false);
    const parts =
      sound.length > 0 && sound.length < proposals.length
        ? [sound, proposals.filter(({ resource }) => wrong?.has(resource) === true)]
        : halvesWithin(proposals, ({ resource }) => resource);
    for (const part of parts) this.admit(part);
  }

  /** The objects that do not come out as they should; undefined where the document cannot be read any more. */
  private wrongAfter(proposals: readonly Proposal[]): ReadonlySet<Resource> | undefined {
    const { content, slice } = this;
    const mending = mendingOf(content.text, proposals);
    if (mending.failed.size > 0) return new Set(mending.failed.keys());
    this.reads++;
    const splices = mending.splices.map(({ start, end, text }) => ({
      start: start - slice.start,
      end: end - slice.start,
      text,
    }));
    const after = applySplices(content.text.slice(slice.start, slice.end), splices);
    return notAsWanted(mending, content.resources, resourcesOf(after, content.kubernetes));
  }
}

/** The objects of a text; undefined where any of it cannot be read. */
function resourcesOf(text: string, kubernetes: KubernetesVersion): Resource[] | undefined {
  const { documents, problems } = readDocuments(text);
  if (problems.length > 0) return undefined;
  const lines = { file: '', lineStarts: lineStartsOf(text) };
  return documents.flatMap((document) => [...expandDocument(document, lines, { kubernetes }).resources]);
}
