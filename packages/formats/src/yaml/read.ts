import type { CoverageCode } from '@bulwark/core';
import { parseEvents, YAMLException } from 'js-yaml';
import { ConstructError, constructDocument } from './construct.ts';
import { DirectReader } from './direct.ts';
import { MAX_DEPTH } from './limits.ts';
import { OffsetBuffer } from './offsets.ts';
import { isUsualText } from './scanner.ts';
import { type DocumentSlice, splitDocuments } from './split.ts';

/** A parsed document: its value as kubectl reads it, and the offsets of every key and value in the file. */
export interface ReadDocument {
  readonly value: unknown;
  /** `WIDTH` numbers a node, depth first: key start, value start, value end (UTF-16 offsets), nodes in the subtree. */
  readonly offsets: Uint32Array;
  /** Position among the file's documents, from 0; documents that failed count. */
  readonly index: number;
  readonly start: number;
}

/** A document, or a whole file, that could not be read. */
export interface ReadProblem {
  readonly code: CoverageCode;
  readonly reason: string;
  /** UTF-16 offset of the fault in the file. */
  readonly offset: number;
  readonly document: number;
}

/** What one file holds. */
export interface ReadResult {
  readonly documents: readonly ReadDocument[];
  readonly problems: readonly ReadProblem[];
}

/**
 * Reads YAML or JSON text: every document on its own, so that a bad one never costs the others.
 *
 * @param text the decoded text, a leading byte order mark allowed.
 */
export function readDocuments(text: string): ReadResult {
  const documents: ReadDocument[] = [];
  const problems: ReadProblem[] = [];
  const offsets = new OffsetBuffer();
  const direct = isUsualText(text) ? new DirectReader(text, offsets) : undefined;
  let index = 0;
  for (const slice of splitDocuments(text)) {
    const value = direct?.read(slice.start, slice.end);
    const read = value
      ? { ...value, offsets: offsets.finish(), index, start: slice.start }
      : readSlice(text, slice, index);
    if ('code' in read) problems.push(read);
    else documents.push(read);
    index++;
  }
  return { documents, problems };
}

function readSlice(text: string, { start, end }: DocumentSlice, index: number): ReadDocument | ReadProblem {
  const source = start === 0 && end === text.length ? text : text.slice(start, end);
  try {
    const events = parseEvents(source, { maxDepth: MAX_DEPTH });
    const { value, offsets } = constructDocument(events, source, start);
    return { value, offsets, index, start };
  } catch (error) {
    const problem = describe(error, source, start);
    return { ...problem, document: index };
  }
}

const TEMPLATE = /\{\{[-\s]*[\w.$"(/]/;

function describe(error: unknown, source: string, base: number): Omit<ReadProblem, 'document'> {
  if (!(error instanceof ConstructError) && !(error instanceof YAMLException)) throw error;
  const offset = error instanceof ConstructError ? error.offset : base + (error.mark?.position ?? 0);
  if (TEMPLATE.test(source.slice(0, 1_000_000)))
    return { code: 'unrendered-template', reason: 'this is a template; render it first', offset };
  if (error instanceof ConstructError) return { code: error.code, reason: error.message, offset };
  const reason = error.reason;
  if (reason.includes('tab characters')) return { code: 'tab-indentation', reason, offset };
  if (reason.includes('maxDepth'))
    return { code: 'too-deep', reason: `nested deeper than ${MAX_DEPTH}`, offset };
  return { code: 'invalid-yaml', reason, offset };
}
