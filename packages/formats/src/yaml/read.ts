import type { CoverageCode } from '@bulwark/core';
import { YAMLException } from 'js-yaml';
import { whyStart } from './ambiguity.ts';
import { constructDocument } from './construct.ts';
import { DirectReader } from './direct.ts';
import { ConstructError, refuseAt, withoutQuotes } from './fault.ts';
import { splitObjects } from './json-stream.ts';
import { type Allowance, type LenientParse, LenientParser, MOST_PARSED_AGAIN } from './lenient.ts';
import { MAX_DEPTH } from './limits.ts';
import { findForeignBreak } from './line-breaks.ts';
import { OffsetBuffer, WIDTH } from './offsets.ts';
import { usualText } from './scanner.ts';
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
 * Reads YAML or JSON text: every document on its own, so that a bad one never costs the others. The values are those
 * that kubectl sends for the same text, but for the differences in `differences.md`. Never throws on any text.
 *
 * The time is linear in the text, twice over where the direct reader gives up late; times the depth of nesting (at
 * most 250) in mappings with integer-like keys; plus what aliases and merges add (at most 1,000,000 nodes) and anchors
 * hold (4,000,000). A document that fails costs some 30 microseconds more, for the error that js-yaml makes.
 *
 * @param text the decoded text, a leading byte order mark allowed.
 */
export function readDocuments(text: string): ReadResult {
  return new TextReader(text).read();
}

class TextReader {
  private readonly text: string;
  private readonly offsets = new OffsetBuffer();
  private readonly direct: DirectReader | undefined;
  private readonly documents: ReadDocument[] = [];
  private readonly problems: ReadProblem[] = [];
  private readonly allowance: Allowance = { left: MOST_PARSED_AGAIN };
  private index = 0;

  constructor(text: string) {
    this.text = text;
    const usual = usualText(text);
    this.direct = usual === undefined ? undefined : new DirectReader(usual, text, this.offsets);
  }

  read(): ReadResult {
    for (const slice of splitDocuments(this.text)) {
      const read = this.slice(slice);
      if ('code' in read) this.stream(slice, read);
      else this.add(read);
    }
    return { documents: this.documents, problems: this.problems };
  }

  private add(read: ReadDocument | ReadProblem): void {
    if ('code' in read) this.problems.push(read);
    else this.documents.push(read);
    this.index++;
  }

  /** A slice that is no document may be several JSON objects, if at least the first of them is one. */
  private stream(slice: DocumentSlice, problem: ReadProblem): void {
    const [first, ...rest] = splitObjects(this.text, slice) ?? [];
    const read = first === undefined ? problem : this.slice(first);
    if ('code' in read) {
      this.add(problem);
      return;
    }
    this.add(read);
    for (const object of rest) this.add(this.slice(object));
  }

  private slice(slice: DocumentSlice): ReadDocument | ReadProblem {
    const { text, index, offsets, allowance } = this;
    const { start } = slice;
    const value = this.direct?.read(start, slice.end);
    return value === undefined
      ? readFully(slice, { text, index, allowance })
      : { ...value, offsets: offsets.finish(), index, start };
  }
}

/** How much of the end of a file is looked at for a last line of spaces. */
const LONGEST_TAIL = 200;

interface Whole {
  readonly text: string;
  readonly index: number;
  readonly allowance: Allowance;
}

function readFully(
  { start, end }: DocumentSlice,
  { text, index, allowance }: Whole,
): ReadDocument | ReadProblem {
  const source = start === 0 && end === text.length ? text : text.slice(start, end);
  // kubectl's reader ends every line, and a block scalar may keep a last line of spaces.
  const ended = end === text.length && /[\r\n] +$/.test(text.slice(-LONGEST_TAIL)) ? `${source}\n` : source;
  const parser = new LenientParser(ended, allowance);
  const toFile = (at: number): number => Math.min(start + parser.toSource(at), end);
  try {
    refuseAt(whyStart(ended, start), 0);
    const parsed = parse(parser);
    refuseBreak(findForeignBreak(parsed.text, parsed.events));
    const { value, offsets } = constructDocument(parsed.events, parsed.text);
    if (parser.isUnmoved) shiftOffsets(offsets, start, end);
    else moveOffsets(offsets, toFile);
    return { value, offsets, index, start };
  } catch (error) {
    const problem = describe(error, source);
    return { ...problem, offset: toFile(problem.offset), document: index };
  }
}

function refuseBreak(at: number): void {
  if (at >= 0) refuseAt('foreign-break', at);
}

function parse(parser: LenientParser): LenientParse {
  try {
    return parser.parse();
  } catch (error) {
    // It may be a line break that was not taken for one.
    refuseBreak(findForeignBreak(parser.text, []));
    throw error;
  }
}

/** The table counts from the start of the parsed text; readers of it count from the start of the file. */
function moveOffsets(offsets: Uint32Array, toFile: (at: number) => number): void {
  for (let at = 0; at < offsets.length; at += WIDTH)
    for (let part = at; part < at + WIDTH - 1; part++) offsets[part] = toFile(offsets[part] ?? 0);
}

/** What `moveOffsets` does where the parsed text is the source: nearly every document, and a tenth of the cost. */
function shiftOffsets(offsets: Uint32Array, start: number, end: number): void {
  for (let at = 0; at < offsets.length; at++)
    if (at % WIDTH !== WIDTH - 1) offsets[at] = Math.min(start + (offsets[at] ?? 0), end);
}

/** Bounded, because it is tried on every document that fails, however large. */
const TEMPLATE = /\{\{[-\s]{0,20}[\w.$"(/]/;
const TEMPLATE_PROBE = 1_000_000;

function describe(error: unknown, source: string): Omit<ReadProblem, 'document'> {
  if (!(error instanceof ConstructError) && !(error instanceof YAMLException)) throw error;
  const offset = error instanceof ConstructError ? error.offset : (error.mark?.position ?? 0);
  const code = codeOf(error);
  if (code === 'too-deep') return { code, reason: `nested deeper than ${MAX_DEPTH}`, offset };
  if (
    (code === 'invalid-yaml' || code === 'tab-indentation') &&
    TEMPLATE.test(source.slice(0, TEMPLATE_PROBE))
  )
    return { code: 'unrendered-template', reason: 'this is a template; render it first', offset };
  return {
    code,
    reason: error instanceof ConstructError ? error.message : withoutQuotes(error.reason),
    offset,
  };
}

function codeOf(error: ConstructError | YAMLException): CoverageCode {
  if (error instanceof ConstructError) return error.code;
  if (error.reason.includes('tab characters')) return 'tab-indentation';
  return error.reason.includes('maxDepth') ? 'too-deep' : 'invalid-yaml';
}
