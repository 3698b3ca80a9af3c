import type { Cell } from '@bulwark/api';
import { csvLine } from '@bulwark/core';
import type { RequestContext } from '../http/handler.ts';
import { streamFile } from './stream-file.ts';

/** What is taken away, and how. */
export interface Export<T> {
  /** Of the file, without its end. */
  readonly name: string;
  readonly format: 'csv' | 'jsonl';
  readonly columns: readonly string[];
  /** A page of records; the first for no cursor. */
  readonly page: (cursor: string | undefined) => Promise<ExportedPage<T>>;
  /** A record as the API gives it. */
  readonly item: (record: T) => unknown;
  /** A record as lines of a table, each with a cell for every column. */
  readonly lines: (record: T) => readonly (readonly Cell[])[];
}

export interface ExportedPage<T> {
  readonly items: readonly T[];
  /** Cursor of the next one; null for the last. */
  readonly next: string | null;
}

/** How many records a page of an export has. */
export const EXPORTED_AT_ONCE = 500;

/** Streams a list page by page. The first page is read before anything is sent. */
export async function streamExport<T>(context: RequestContext, wanted: Export<T>): Promise<void> {
  const { name, format } = wanted;
  const type =
    format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/jsonl; charset=utf-8';
  await streamFile(context, { name: `${name}.${format}`, type }, piecesOf(wanted));
}

async function* piecesOf<T>({ format, columns, page, item, lines }: Export<T>): AsyncGenerator<string> {
  const isCsv = format === 'csv';
  const printed = (record: T): string =>
    isCsv ? lines(record).map(csvLine).join('') : `${JSON.stringify(item(record))}\n`;
  let read = await page(undefined);
  if (isCsv) yield csvLine(columns);
  for (;;) {
    yield read.items.map(printed).join('');
    if (read.next === null) return;
    read = await page(read.next);
  }
}
