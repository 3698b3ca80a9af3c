import { csvLine } from '@bulwark/core';
import type { Page } from '@bulwark/store';
import type { RequestContext } from '../http/handler.ts';
import { streamFile } from './stream-file.ts';

/** What is taken away, and how. */
export interface Export<T, Column extends string> {
  /** Of the file, without its end. */
  readonly name: string;
  readonly format: 'csv' | 'jsonl';
  readonly columns: readonly Column[];
  /** A page of records; the first for no cursor. */
  readonly page: (cursor: string | undefined) => Promise<Page<T>>;
  /** A record as the API gives it. */
  readonly item: (record: T) => unknown;
  /** A record as lines of a table. */
  readonly lines: (record: T) => readonly Readonly<Record<Column, string | null>>[];
}

/** How many records a page of an export has. */
export const EXPORTED_AT_ONCE = 500;

/** Streams a list page by page. The first page is read before anything is sent. */
export async function streamExport<T, Column extends string>(
  context: RequestContext,
  wanted: Export<T, Column>,
): Promise<void> {
  const { name, format } = wanted;
  const type =
    format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/jsonl; charset=utf-8';
  await streamFile(context, { name: `${name}.${format}`, type }, piecesOf(wanted));
}

async function* piecesOf<T, Column extends string>({
  format,
  columns,
  page,
  item,
  lines,
}: Export<T, Column>): AsyncGenerator<string> {
  const isCsv = format === 'csv';
  const printed = (record: T): string =>
    isCsv
      ? lines(record)
          .map((values) => csvLine(columns.map((column) => values[column])))
          .join('')
      : `${JSON.stringify(item(record))}\n`;
  let read = await page(undefined);
  if (isCsv) yield csvLine(columns);
  for (;;) {
    yield read.items.map(printed).join('');
    if (read.next === null) return;
    read = await page(read.next);
  }
}
