import { csvLine } from '@bulwark/core';
import type { Page } from '@bulwark/store';
import type { RequestContext } from '../http/handler.ts';

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

/**
 * Streams a list page by page, as fast as it is taken. The first page is read before anything is sent, so that a wrong query
 * is refused as one.
 */
export async function streamExport<T, Column extends string>(
  { reply }: RequestContext,
  { name, format, columns, page, item, lines }: Export<T, Column>,
): Promise<void> {
  let read = await page(undefined);
  reply.hijack();
  const { raw } = reply;
  const headers = Object.fromEntries(
    Object.entries(reply.getHeaders()).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const isCsv = format === 'csv';
  raw.writeHead(200, {
    ...headers,
    'content-type': isCsv ? 'text/csv; charset=utf-8; header=present' : 'application/jsonl; charset=utf-8',
    'content-disposition': `attachment; filename="${name}.${format}"`,
    'cache-control': 'no-store',
  });
  const printed = (record: T): string =>
    isCsv
      ? lines(record)
          .map((values) => csvLine(columns.map((column) => values[column])))
          .join('')
      : `${JSON.stringify(item(record))}\n`;
  if (isCsv) raw.write(csvLine(columns));
  for (;;) {
    if (!raw.write(read.items.map(printed).join('')))
      await new Promise<void>((resolve) => raw.once('drain', resolve).once('close', resolve));
    if (read.next === null || raw.destroyed) break;
    read = await page(read.next);
  }
  raw.end();
}
