import { FINDING_FIELDS } from '@bulwark/core';
import { listFindings } from '@bulwark/store';
import type { RequestContext } from '../http/handler.ts';
import { scopeFor } from './convert.ts';
import { EXPORTED_AT_ONCE, streamExport } from './export-stream.ts';
import { type FindingSettings, findingItem } from './finding-item.ts';
import { listRequestOf } from './list-request.ts';

/** The columns of exported findings. */
export const FINDING_COLUMNS = [
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

/** A finding as a line of a table. */
export function findingLine(
  item: ReturnType<typeof findingItem>,
): Readonly<Record<(typeof FINDING_COLUMNS)[number], string | null>> {
  const { namespace, kind, name } = item.resource;
  return { ...item, cluster: item.cluster.name, namespace, kind, name };
}

interface ExportQuery {
  readonly q?: string | undefined;
  readonly sort?: string | undefined;
  readonly cluster?: number | undefined;
  readonly namespace?: string | undefined;
  readonly asOf?: string | undefined;
  readonly since?: string | undefined;
  readonly format: 'csv' | 'jsonl';
}

/** Streams everything that a query finds. */
export async function exportFindings(
  { store, controls }: FindingSettings,
  query: ExportQuery,
  context: RequestContext,
): Promise<void> {
  const request = listRequestOf({ ...query, limit: EXPORTED_AT_ONCE }, FINDING_FIELDS, context.now);
  const { now } = request;
  const scope = scopeFor(context.caller, query.cluster, query.namespace);
  await streamExport(context, {
    name: 'findings',
    format: query.format,
    columns: FINDING_COLUMNS,
    page: (cursor) => listFindings(store, scope, { ...request, cursor }),
    item: (record) => findingItem(record, { controls, now }),
    lines: (record) => [findingLine(findingItem(record, { controls, now }))],
  });
}
