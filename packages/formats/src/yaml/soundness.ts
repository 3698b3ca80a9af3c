import { WIDTH } from './offsets.ts';
import type { ReadDocument, ReadResult } from './read.ts';

/** A value with its place in the file. */
export interface PlacedValue {
  readonly value: unknown;
  /** The key it stands under in a mapping; undefined for items and the root. */
  readonly key: string | undefined;
  readonly keyStart: number;
  readonly start: number;
  readonly end: number;
}

/** Every value of a document with its place, depth first, by the walk that finds a path. For tests. */
export function placedValues({ value, offsets }: Pick<ReadDocument, 'value' | 'offsets'>): PlacedValue[] {
  const placed: PlacedValue[] = [];
  const pending: { readonly value: unknown; readonly key: string | undefined }[] = [
    { value, key: undefined },
  ];
  for (let at = 0; at < offsets.length; at += WIDTH) {
    const next = pending.pop();
    if (next === undefined) throw new Error('the table of offsets has more nodes than the value');
    const [keyStart = 0, start = 0, end = 0] = offsets.subarray(at, at + WIDTH);
    placed.push({ ...next, keyStart, start, end });
    pending.push(...childrenOf(next.value).toReversed());
  }
  if (pending.length > 0) throw new Error('the table of offsets has fewer nodes than the value');
  return placed;
}

function childrenOf(value: unknown): { readonly value: unknown; readonly key: string | undefined }[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.map((item) => ({ value: item, key: undefined }));
  return Object.entries(value).map(([key, item]) => ({ key, value: item }));
}

/**
 * What is wrong with a result, whatever the text: places outside it, tables that do not fit their values, documents
 * that are numbered twice. Undefined when it is sound. For tests.
 */
export function whyUnsound(text: string, { documents, problems }: ReadResult): string | undefined {
  const indexes = [...documents.map(({ index }) => index), ...problems.map(({ document }) => document)];
  if (new Set(indexes).size !== indexes.length) return 'two documents have the same number';
  if (indexes.some((index) => index < 0 || index >= indexes.length)) return 'a document has no number';
  if (problems.some(({ offset }) => offset < 0 || offset > text.length))
    return 'a problem is outside the text';
  return documents.map((document) => whyUnsoundDocument(text, document)).find((why) => why !== undefined);
}

function whyUnsoundDocument(text: string, document: ReadDocument): string | undefined {
  const placed = placedValues(document);
  if (document.offsets[3] !== placed.length) return 'the root does not count its nodes';
  const outside = placed.find(
    ({ keyStart, start, end }) => keyStart > text.length || start > end || end > text.length,
  );
  return outside === undefined ? undefined : `a value is outside the text: ${JSON.stringify(outside.key)}`;
}
