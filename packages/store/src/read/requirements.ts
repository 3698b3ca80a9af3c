import { sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { countersAt } from './counters.ts';
import type { OwnerCount } from './posture.ts';
import { resourceSource } from './resource-source.ts';

/** Open and excepted findings by control and owner at a moment; the owner of what nobody owns is empty. */
export async function countsByOwnerAt(
  { db }: Store,
  scope: Scope,
  asOf: Date,
): Promise<readonly OwnerCount[]> {
  const { rows } = await sql<OwnerCount>`
    select t.control, t.team, max(t.severity) as severity, sum(t.open)::int as open, sum(t.excepted)::int as excepted
    from ${countersAt(asOf)} t where ${inScope(scope)} group by 1, 2`.execute(db);
  return rows;
}

/** A kind of which objects are there. */
export interface KindPresence {
  readonly kind: string;
  /** Whether any of them has a pod template, or is a pod. */
  readonly hasPods: boolean;
}

/** The kinds of which a scope holds objects, live or as of a moment. */
export async function kindsPresent(
  { db }: Store,
  scope: Scope,
  asOf?: Date,
): Promise<readonly KindPresence[]> {
  const namespace = sql`(case when t.kind = 'Namespace' then t.name else t.namespace end)`;
  const { rows } = await sql<KindPresence>`
    select t.kind, bool_or(t.is_workload or t.kind = 'Pod') as "hasPods"
    from ${resourceSource({ asOf })} t where ${inScope(scope, namespace)} group by 1`.execute(db);
  return rows;
}
