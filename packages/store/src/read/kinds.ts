import { sharedNames } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import { inClusters, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { NamedColumn } from './query-sql.ts';

const LIVE = sql`select r.kind from resource r where true`;
/** Their kinds have an index of their own: of all that was, that would be as large as all of it. */
const PAST_WORKLOADS = sql`select r.kind from resource_past r where r.is_workload`;

/**
 * The kinds of objects in each cluster of a scope, live ones or workloads of before, as cluster_id and kind: each found by the index from the
 * one before, as there are many objects of few kinds.
 */
export function kindsIn(scope: Scope, among: RawBuilder<unknown> = LIVE): RawBuilder<unknown> {
  const next = (cluster: RawBuilder<unknown>, after: RawBuilder<unknown>) =>
    sql`(${among} and r.cluster_id = ${cluster} and ${after} order by r.kind limit 1)`;
  return sql`(
    with recursive present as (
      select c.id as cluster_id, ${next(sql`c.id`, sql`true`)} as kind from cluster c where ${inClusters(scope, sql`c.id`)}
      union all
      select p.cluster_id, ${next(sql`p.cluster_id`, sql`r.kind > p.kind`)} from present p where p.kind is not null
    ) select cluster_id, kind from present where kind is not null)`;
}

/** The kinds of live objects, whoever may see them: they only narrow what is looked at. */
export async function liveKinds({ db }: Store, scope: Scope): Promise<readonly string[]> {
  const { rows } = await sql<{ kind: string }>`select distinct t.kind from ${kindsIn(scope)} t`.execute(db);
  return rows.map(({ kind }) => kind);
}

/**
 * The names that kinds of several groups have in the clusters of a scope, whoever may see them: what tells kinds apart. Such are
 * the kinds that are or were watched, and those of which there are objects. That there was something of any other kind is known
 * from the pods that it ran.
 */
export async function sharedKindNames({ db }: Store, scope: Scope): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ kind: string }>`
    select t.kind from ${kindsIn(scope)} t union select t.kind from ${kindsIn(scope, PAST_WORKLOADS)} t
    union select s.kind from seen_kind s where s.seen_from > '-infinity' and ${inClusters(scope, sql`s.cluster_id`)}`.execute(
    db,
  );
  return sharedNames(rows.map(({ kind }) => kind));
}

/** Kinds by a part of their name, of those that have it. */
function byPart(
  kinds: readonly string[],
  partOf: (kind: string) => string | undefined,
): ReadonlyMap<string, readonly string[]> {
  const named = new Map<string, string[]>();
  for (const kind of kinds) {
    const name = partOf(kind);
    if (name !== undefined) named.set(name, [...(named.get(name) ?? []), kind]);
  }
  return named;
}

/** What can be asked about the kind of a row, answered from the kinds that there are rather than for each row. */
export function kindColumns(kinds: readonly string[]): Readonly<Record<'kind' | 'group', NamedColumn>> {
  const column = { type: 'named', sql: sql`t.kind` } as const;
  return {
    kind: { ...column, names: byPart(kinds, (kind) => kind), isKind: true },
    group: {
      ...column,
      names: byPart(kinds, (kind) => {
        const end = kind.lastIndexOf('/');
        return end < 1 ? undefined : kind.slice(0, end);
      }),
    },
  };
}
