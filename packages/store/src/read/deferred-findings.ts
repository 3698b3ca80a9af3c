import { sql } from 'kysely';
import type { Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { Times } from './finding-columns.ts';
import { matching } from './matching-findings.ts';
import type { ListRequest } from './page.ts';
import { triageAt } from './triage-at.ts';

/** The findings of a list that are put off at its moment. */
export interface DeferredRecord {
  readonly findings: number;
  /** When the first of them comes back; null where there is none. */
  readonly next: Date | null;
}

/** What a query finds that is deferred beyond its moment. Cost: a pass over what was ever deferred, which is little. */
export async function deferredFindings(
  { db }: Store,
  scope: Scope,
  request: Pick<ListRequest, 'query' | 'now' | 'frameworks'> & Times,
): Promise<DeferredRecord> {
  const triage = triageAt(request.asOf);
  const isDeferred = sql<boolean>`(t.cluster_id, t.fingerprint) in (
    select g.cluster_id, g.fingerprint from ${triage} g where g.deferred_until > ${request.now})`;
  const { rows } = await sql<DeferredRecord>`
    with deferred as materialized (select * from ${matching(scope, request, isDeferred)} t)
    select count(*)::int as findings, min(g.deferred_until) as next
    from deferred t join ${triage} g on g.cluster_id = t.cluster_id and g.fingerprint = t.fingerprint`.execute(
    db,
  );
  return rows[0] ?? { findings: 0, next: null };
}
