import { type AuditSourceRecord, listAuditSources, type Store, scopeOf } from '@bulwark/store';
import type { Check } from '../handlers/check.ts';

/** How well the audit log of each cluster is read. */
export async function auditChecks(store: Store, now: Date): Promise<readonly Check[]> {
  const sources = await listAuditSources(store, scopeOf({ clusters: 'all', namespaces: 'all' }));
  return sources.map((source) => ({
    name: `audit log of ${source.clusterName}`,
    status: source.fault === null ? 'ok' : 'degraded',
    detail: detailOf(source, now),
  }));
}

function detailOf(
  { source, fault, events, lastEvent, lag, malformed }: AuditSourceRecord,
  now: Date,
): string {
  if (fault !== null) return `${source}: ${fault}`;
  if (lastEvent === null) return `${source}: nothing has come yet.`;
  const ago = Math.max(0, Math.round((now.getTime() - lastEvent.getTime()) / 1000));
  return `${source}: ${events} events, the last one ${ago} s ago, which came ${((lag ?? 0) / 1000).toFixed(1)} s late; ${malformed} could not be read.`;
}
