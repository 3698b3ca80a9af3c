import { type RawBuilder, sql } from 'kysely';
import { inNamespaces, inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { countersAt, ownerCountersAt } from './counters.ts';
import { kindsIn } from './kinds.ts';
import type { OwnerCount } from './posture.ts';
import { namespaceOf, resourceSource } from './resource-source.ts';

/**
 * Open and excepted findings by control and owner as it is written, at a moment. Cost: one pass over what came and went since.
 */
export async function countsByOwnerAt(
  { db }: Store,
  scope: Scope,
  asOf: Date,
): Promise<readonly OwnerCount[]> {
  const { rows } = await sql<OwnerCount>`
    select control, team, max(severity) as severity, sum(open)::int as open, sum(excepted)::int as excepted from (
      select t.control, t.team, t.severity, sum(t.open) as open, sum(t.excepted) as excepted
      from ${ownerCountersAt(asOf)} t where ${inScope(scope)} group by 1, 2, 3
      having sum(t.open) <> 0 or sum(t.excepted) <> 0
    ) standing group by 1, 2`.execute(db);
  return rows;
}

/** What there is of a control. */
export type ControlCount = Pick<OwnerCount, 'control' | 'open' | 'excepted'>;

/** Open and excepted findings by control, now or at a moment. */
export async function countsByControl(
  { db }: Store,
  scope: Scope,
  asOf?: Date,
): Promise<readonly ControlCount[]> {
  const { rows } = await sql<ControlCount>`
    select t.control, sum(t.open)::int as open, sum(t.excepted)::int as excepted
    from ${countersAt(asOf)} t where ${inScope(scope)} group by 1`.execute(db);
  return rows;
}

/** What kinds of objects are there. */
export interface Presence {
  /** Each once, with its group: apps/Deployment. */
  readonly kinds: readonly string[];
  /** Whether anything has a pod template, or is a pod. */
  readonly hasPods: boolean;
}

/** The kinds of which a scope holds objects, live or as of a moment. */
export async function kindsPresent({ db }: Store, scope: Scope, asOf?: Date): Promise<Presence> {
  const { rows } = await (asOf === undefined ? presentNow(scope) : presentAt(scope, asOf)).execute(db);
  return rows[0] ?? { kinds: [], hasPods: false };
}

/** From the indexes: of each kind, and of workloads, one object is enough. */
function presentNow(scope: Scope): RawBuilder<Presence> {
  return sql<Presence>`
    with present as (
      select distinct p.kind from ${kindsIn(scope)} p where exists (
        select from resource t where t.cluster_id = p.cluster_id and t.kind = p.kind and ${inNamespaces(scope, namespaceOf)})
    )
    select array(select kind from present order by kind) as kinds, exists (select from present where kind = 'Pod')
      or exists (select from resource t where t.is_workload and ${inScope(scope)}) as "hasPods"`;
}

function presentAt(scope: Scope, asOf: Date): RawBuilder<Presence> {
  return sql<Presence>`
    select coalesce(array_agg(kind order by kind), '{}') as kinds, coalesce(bool_or(has_pods), false) as "hasPods" from (
      select t.kind, bool_or(t.is_workload or t.kind = 'Pod') as has_pods
      from ${resourceSource({ asOf })} t where ${inScope(scope, namespaceOf)} group by 1) present`;
}
