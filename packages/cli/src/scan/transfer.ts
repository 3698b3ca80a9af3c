import {
  type FileLines,
  type FileOrigin,
  type Finding,
  isObject,
  type JsonObject,
  type Resource,
  toResource,
} from '@bulwark/core';
import type { BatchResult } from './batch.ts';
import type { CommentedObject, JudgedFile, JudgedResource, Tally } from './judge-files.ts';

/**
 * What came of a batch on its way between threads. Reading JSON takes a third of the time that a structured clone does,
 * the tables of positions are handed over instead of copied, and workloads are found again rather than sent.
 */
export interface PackedBatch {
  readonly json: string;
  readonly tables: readonly Uint32Array[];
  /** Objects with values that JSON does not have: integers beyond the safe range, infinities, minus zero. */
  readonly odd: readonly JsonObject[];
}

interface PackedResource {
  /** The object, or its place among the odd ones. */
  readonly object: JsonObject | number;
  readonly document: number;
  readonly offsets: number;
  readonly node: number;
  readonly findings: readonly Finding[];
}

interface PackedLines {
  readonly file: string;
  readonly lineStarts: number;
  readonly lineMap?: number;
  readonly variant?: string;
}

interface PackedFile extends Pick<JudgedFile, 'documents' | 'coverage'> {
  readonly lines?: PackedLines;
  readonly resources: readonly PackedResource[];
  readonly commented: readonly (Omit<CommentedObject, 'resource'> & { readonly resource: number })[];
}

interface Packed {
  readonly files: readonly PackedFile[];
  readonly counts: readonly (readonly [string, Tally['counts'] extends Map<string, infer V> ? V : never])[];
  readonly verdicts: Tally['verdicts'];
  readonly coverage: Tally['coverage'];
}

/** Makes a batch ready to be sent; the buffers of `tables` can be transferred, for they are not used here any more. */
export function pack({ files, tally }: BatchResult): PackedBatch {
  const tables: Uint32Array[] = [];
  const places = new Map<Uint32Array, number>();
  const placeOf = (table: Uint32Array): number => {
    let place = places.get(table);
    if (place === undefined) {
      place = tables.push(table) - 1;
      places.set(table, place);
    }
    return place;
  };
  const odd: JsonObject[] = [];
  const packed: Packed = {
    files: files.map((file) => packFile(file, placeOf, odd)),
    counts: [...tally.counts],
    verdicts: tally.verdicts,
    coverage: tally.coverage,
  };
  return { json: JSON.stringify(packed), tables, odd };
}

function packFile(
  { documents, coverage, judged, commented }: JudgedFile,
  placeOf: (table: Uint32Array) => number,
  odd: JsonObject[],
): PackedFile {
  const resources = judged.map(({ resource, findings }): PackedResource => {
    const { document, offsets, node } = fileOrigin(resource);
    const object = isPlain(resource.object) ? resource.object : odd.push(resource.object) - 1;
    return { object, document, offsets: placeOf(offsets), node, findings };
  });
  const [first] = judged;
  const lines = first && fileOrigin(first.resource).lines;
  return {
    documents,
    coverage,
    resources,
    commented: commented.map((comment) => ({
      ...comment,
      resource: judged.findIndex(({ resource }) => resource === comment.resource),
    })),
    ...(lines && {
      lines: {
        file: lines.file,
        lineStarts: placeOf(lines.lineStarts),
        ...(lines.lineMap && { lineMap: placeOf(lines.lineMap) }),
        ...(lines.variant !== undefined && { variant: lines.variant }),
      },
    }),
  };
}

function fileOrigin({ origin }: Resource): FileOrigin {
  if (origin.kind !== 'file') throw new Error('a file held an object that was read from a cluster');
  return origin;
}

/** Whether JSON gives a value back as it is. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (Array.isArray(value)) return value.every(isPlain);
  if (!isObject(value)) return typeof value !== 'bigint';
  for (const key in value) if (!isPlain(value[key])) return false;
  return true;
}

/** What was packed, with new resources that equal the old ones. */
export function unpack({ json, tables, odd }: PackedBatch, defaultNamespace: string): BatchResult {
  const { files, counts, verdicts, coverage } = JSON.parse(json) as Packed;
  const tableAt = (place: number): Uint32Array => {
    const table = tables[place];
    if (table === undefined) throw new Error('a table of positions is missing');
    return table;
  };
  return {
    files: files.map((file) => unpackFile(file, { tableAt, odd, defaultNamespace })),
    tally: { counts: new Map(counts), verdicts, coverage },
  };
}

interface Unpacking {
  readonly tableAt: (place: number) => Uint32Array;
  readonly odd: readonly JsonObject[];
  readonly defaultNamespace: string;
}

function unpackFile(
  { documents, coverage, lines, resources, commented }: PackedFile,
  { tableAt, odd, defaultNamespace }: Unpacking,
): JudgedFile {
  if (lines === undefined) return { documents, coverage, judged: [], commented: [] };
  const ofFile: FileLines = {
    file: lines.file,
    lineStarts: tableAt(lines.lineStarts),
    ...(lines.lineMap !== undefined && { lineMap: tableAt(lines.lineMap) }),
    ...(lines.variant !== undefined && { variant: lines.variant }),
  };
  const judged = resources.map(({ object, document, offsets, node, findings }): JudgedResource => {
    const origin: FileOrigin = { kind: 'file', lines: ofFile, document, offsets: tableAt(offsets), node };
    const whole = typeof object === 'number' ? odd[object] : object;
    if (whole === undefined) throw new Error('an object is missing');
    return { resource: toResource(whole, origin, defaultNamespace), findings: sharing(findings) };
  });
  return {
    documents,
    coverage,
    judged,
    commented: commented.flatMap(({ resource, ...comment }) => {
      const found = judged[resource];
      return found === undefined ? [] : [{ ...comment, resource: found.resource }];
    }),
  };
}

/** The findings of one object share what names it, as those that were made in this thread do. */
function sharing(findings: readonly Finding[]): readonly Finding[] {
  const [first] = findings;
  return first === undefined
    ? findings
    : findings.map((finding) => ({ ...finding, resource: first.resource }));
}
