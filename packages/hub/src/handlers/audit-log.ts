import { createHash } from 'node:crypto';
import { AppError, parseAuditDelivery } from '@bulwark/core';
import {
  type AuditSourceRecord,
  type CoverageRecord,
  clusterFacts,
  isAway,
  type Store,
} from '@bulwark/store';
import type { AuditLog } from '../audit-log/audit-log.ts';
import type { Handlers } from '../http/handler.ts';
import type { RefusedBody } from '../http/server.ts';
import { iso, isoOrNull, scopeFor } from './convert.ts';

const RETRY_SECONDS = '5';

/** Takes what API servers deliver to their audit webhook. */
export function auditLogHandlers(store: Store, auditLog: AuditLog): Handlers<'deliverAuditLog'> {
  return {
    deliverAuditLog: async ({ params, body }, { caller, reply }) => {
      // Who may see a part of a cluster only cannot speak for all of it.
      if (caller.limits.namespaces !== 'all') throw new AppError('not-allowed');
      try {
        const [cluster] = await clusterFacts(store, scopeFor(caller, params.id));
        if (cluster === undefined) throw new AppError('not-found');
        await auditLog.take({
          cluster: cluster.id,
          source: 'webhook',
          delivery: parseAuditDelivery(body),
          // An API server that had no answer in time sends the same once more, to any hub.
          digest: createHash('sha256').update(body).digest(),
        });
      } catch (error) {
        if (!isAway(error)) throw error;
        reply.header('retry-after', RETRY_SECONDS);
        throw new AppError('database-away', {}, error);
      }
      return undefined;
    },
  };
}

/**
 * Notes that a delivery was too large to be read: an API server tries it a few times, and then drops its events. What has the same
 * length within an hour counts as the same.
 */
export function refusedDeliveries(store: Store, auditLog: AuditLog, now: () => Date) {
  return async ({ route, params, length, caller }: RefusedBody): Promise<void> => {
    if (route !== 'deliverAuditLog' || caller?.limits.namespaces !== 'all') return;
    const [cluster] = await clusterFacts(store, scopeFor(caller, Number(params['id'])));
    if (cluster === undefined) return;
    const hour = Math.floor(now().getTime() / HOUR_MS);
    await auditLog.take({
      cluster: cluster.id,
      source: 'webhook',
      delivery: { writes: [], events: 0, unnamed: 0, malformed: [TOO_LARGE], last: undefined },
      digest: createHash('sha256').update(`too large ${length} ${hour}`).digest(),
    });
  };
}

const HOUR_MS = 60 * 60 * 1000;
const TOO_LARGE = 'a delivery that was too large: nobody is named for what is in it';

/** A source of audit events as the API gives it. */
export function auditSourceItem(record: AuditSourceRecord) {
  const { source, firstSeen, events, lastEvent, lag, malformed, unnamed, fault } = record;
  return {
    source,
    since: iso(firstSeen),
    events,
    lastEvent: isoOrNull(lastEvent),
    lagSeconds: lag === null ? null : lag / 1000,
    malformed,
    unnamed,
    fault,
  };
}

/** What is worth knowing about how the actors of changes are known. */
export function auditCoverage(
  sources: readonly AuditSourceRecord[],
): readonly (CoverageRecord & { readonly since: Date })[] {
  return sources.flatMap((record) => {
    const subject = `audit log, ${record.source}`;
    const { fault, malformed, malformedReason, malformedAt, unnamed, firstSeen } = record;
    const note = { subject, kind: 'note' as const, since: malformedAt ?? firstSeen };
    return [
      ...(fault === null ? [] : [{ ...note, code: 'audit-log-away', reason: fault, remedy: null }]),
      ...(malformed === 0
        ? []
        : [
            {
              ...note,
              code: 'audit-log-malformed',
              reason: `${malformed} of its parts could not be read; the last one was ${malformedReason ?? 'unknown'}.`,
              remedy: null,
            },
          ]),
      ...(unnamed === 0
        ? []
        : [
            {
              ...note,
              code: 'audit-log-unnamed',
              since: firstSeen,
              reason: `${unnamed} creations by generateName have no name in it: who made what is told by the second, and nobody is named where several people made such things in it.`,
              remedy: 'Log creations at the level RequestResponse, where their actors matter.',
            },
          ]),
    ];
  });
}

/** Where no audit log is read. */
export const NO_AUDIT_LOG = {
  code: 'audit-log-missing',
  subject: 'audit log',
  kind: 'note',
  reason: 'No audit log is read: who made a change is known by the name of the program only.',
  remedy: 'Point the audit webhook of the API server at the hub, or give --audit-log.',
} as const satisfies CoverageRecord;
