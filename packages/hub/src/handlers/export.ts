import { FINDING_FIELDS } from '@bulwark/core';
import { listFindings } from '@bulwark/store';
import type { RequestContext } from '../http/handler.ts';
import { scopeFor } from './convert.ts';
import { type FindingSettings, findingItem } from './finding-item.ts';
import { listRequestOf } from './list-request.ts';

const AT_ONCE = 500;
const COLUMNS = [
  'cluster',
  'severity',
  'state',
  'control',
  'title',
  'namespace',
  'kind',
  'name',
  'container',
  'path',
  'message',
  'owner',
  'environment',
  'firstSeen',
  'assignee',
  'fingerprint',
] as const;

/** A cell of CSV (RFC 4180). What a spreadsheet would take for a formula is shown as text. */
function cell(value: string | null): string {
  const text = value ?? '';
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

type Item = ReturnType<typeof findingItem>;

function valuesOf(item: Item): Readonly<Record<(typeof COLUMNS)[number], string | null>> {
  const { namespace, kind, name } = item.resource;
  return { ...item, cluster: item.cluster.name, namespace, kind, name };
}

interface ExportQuery {
  readonly q?: string | undefined;
  readonly sort?: string | undefined;
  readonly cluster?: number | undefined;
  readonly asOf?: string | undefined;
  readonly since?: string | undefined;
  readonly format: 'csv' | 'jsonl';
}

/** Streams everything that a query finds, page by page, as fast as it is taken. */
export async function exportFindings(
  { store, controls }: FindingSettings,
  query: ExportQuery,
  { caller, now, reply }: RequestContext,
): Promise<void> {
  const request = listRequestOf({ ...query, limit: AT_ONCE }, FINDING_FIELDS, now);
  // The first page is read before anything is sent, so that a wrong query is refused as one.
  const first = await listFindings(store, scopeFor(caller, query.cluster), request);
  reply.hijack();
  const { raw } = reply;
  const headers = Object.fromEntries(
    Object.entries(reply.getHeaders()).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const isCsv = query.format === 'csv';
  raw.writeHead(200, {
    ...headers,
    'content-type': isCsv ? 'text/csv; charset=utf-8; header=present' : 'application/jsonl; charset=utf-8',
    'content-disposition': `attachment; filename="findings.${query.format}"`,
    'cache-control': 'no-store',
  });
  if (isCsv) raw.write(`${COLUMNS.join(',')}\r\n`);
  for (let page = first; ; ) {
    const lines = page.items.map((record) => {
      const item = findingItem(record, controls);
      if (!isCsv) return `${JSON.stringify(item)}\n`;
      const values = valuesOf(item);
      return `${COLUMNS.map((column) => cell(values[column])).join(',')}\r\n`;
    });
    if (!raw.write(lines.join('')))
      await new Promise<void>((resolve) => raw.once('drain', resolve).once('close', resolve));
    if (page.next === null || raw.destroyed) break;
    page = await listFindings(store, scopeFor(caller, query.cluster), { ...request, cursor: page.next });
  }
  raw.end();
}
