import { type Cell, COLUMNS, EXPORTED, type ExportedList, type ExportId } from '@bulwark/api';
import type { Handlers, RequestContext } from '../http/handler.ts';
import { EXPORTED_AT_ONCE, type ExportedPage, streamExport } from './export-stream.ts';

/** What an export is asked with: what its list is asked with, without what is of pages. */
interface Asked {
  readonly params: unknown;
  readonly query: Readonly<Record<string, unknown>> & { readonly format: 'csv' | 'jsonl' };
}

/** Any list: its items by whichever name they have, and where it goes on, if it does. */
interface Answer {
  readonly items?: readonly unknown[];
  readonly requirements?: readonly unknown[];
  readonly next?: string | null;
}

type AnyList = (
  input: { readonly params: unknown; readonly query: Readonly<Record<string, unknown>> },
  context: RequestContext,
) => Promise<Answer> | Answer;

/**
 * Lists as files. A file is what the handler of its list answers to the same caller, page after page: there is no second way to
 * read a list, which could show more, or others. What changes meanwhile may be in it twice or not at all, unless a moment is
 * asked for: a snapshot of the database would be held for as long as a client takes.
 */
export function exportHandlers(lists: Handlers<ExportedList>): Handlers<ExportId> {
  const handlers = Object.entries(EXPORTED).map(([id, { id: list }]) => [
    id,
    (asked: Asked, context: RequestContext) =>
      exported(asked, context, { name: fileOf(id), list, read: lists[list] as unknown as AnyList }),
  ]);
  return Object.fromEntries(handlers) as Handlers<ExportId>;
}

async function exported(
  { params, query: { format, ...query } }: Asked,
  context: RequestContext,
  { name, list, read }: { readonly name: string; readonly list: ExportedList; readonly read: AnyList },
): Promise<void> {
  const columns: Readonly<Record<string, (item: never) => Cell>> = COLUMNS[list];
  const cells = Object.values(columns);
  await streamExport(context, {
    name,
    format,
    columns: Object.keys(columns),
    page: async (cursor): Promise<ExportedPage<never>> => {
      const page = { ...query, limit: EXPORTED_AT_ONCE, cursor };
      const { items, requirements, next = null } = await read({ params, query: page }, context);
      return { items: (items ?? requirements ?? []) as readonly never[], next };
    },
    item: (item) => item,
    lines: (item) => [cells.map((cell) => cell(item))],
  });
}

/** What a file is called: `build-records` of `exportBuildRecords`. */
function fileOf(id: string): string {
  return id
    .slice('export'.length)
    .replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`)
    .toLowerCase();
}
