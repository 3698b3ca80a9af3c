import { namespaceOf } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import type { Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { haveMoved } from './finding-sums.ts';

/** What tells an object from all others. */
interface ObjectPlace {
  readonly clusterId: number;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * The findings of some objects that were open at a moment, by severity, info first, in the order of the objects. Cost: the
 * findings of these objects, and one pass over what has ended since.
 */
export async function openAt(
  { db }: Store,
  objects: readonly ObjectPlace[],
  asOf: Date,
): Promise<readonly (readonly number[])[]> {
  if (objects.length === 0) return [];
  const column = (name: keyof ObjectPlace) => objects.map((object) => object[name]);
  const isOf = sql`f.cluster_id = o.cluster_id and f.namespace = o.namespace and f.name = o.name and f.kind = o.kind`;
  const { rows } = await sql<{ place: number; severity: number; open: number }>`
    with asked as (
      select * from unnest(${column('clusterId')}::int[], ${column('kind')}::text[], ${objects.map(namespaceOf)}::text[],
        ${column('name')}::text[]) with ordinality as o(cluster_id, kind, namespace, name, place)
    )
    select place::int as place, severity, count(*)::int as open from (
      select o.place, f.severity from asked o join finding f on ${isOf} where f.valid_from <= ${asOf} and f.exception is null
      union all
      select o.place, f.severity from asked o join finding_past f on ${isOf}
      where f.valid_from <= ${asOf} and f.valid_to > ${asOf} and f.exception is null
    ) found group by 1, 2`.execute(db);
  const counts = objects.map(() => [0, 0, 0, 0, 0]);
  for (const { place, severity, open } of rows) counts[place - 1]?.splice(severity, 1, open);
  return counts;
}

/** Of all severities together. */
export function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** What is joined to objects `r`, and the columns that come of it. */
export interface Joined {
  readonly join: RawBuilder<unknown>;
  /** Each with a comma before it. */
  readonly columns: RawBuilder<unknown>;
}

const KEY = sql`cluster_id, kind, namespace, name`;
const isOfObject = (relation: string) =>
  sql`${sql.join(
    ['cluster_id', 'namespace', 'kind', 'name'].map(
      (column) => sql`${sql.ref(`${relation}.${column}`)} = ${sql.ref(`r.${column}`)}`,
    ),
    sql` and `,
  )}`;
const OPEN = sql`coalesce(k.open, 0)`;
const WORST = sql`coalesce(k.worst, -1)`;
const COLUMNS = sql`, ${OPEN} as open, ${WORST} as worst`;

/**
 * How much objects have open now, and the number of the worst severity of it, -1 where there is nothing. An index alone has
 * both.
 */
export const OBJECT_COUNTS: Joined = {
  join: sql`left join object_counter k on ${isOfObject('k')}`,
  columns: COLUMNS,
};

/**
 * The same as of a moment. Where little has moved since, the sums of now are corrected by it; otherwise what was there is
 * counted, which is one pass over the findings.
 */
export async function objectCountsAt(store: Store, scope: Scope, asOf: Date): Promise<Joined> {
  return (await haveMoved(store, scope, asOf)) ? countedAt(asOf) : correctedTo(asOf);
}

function countedAt(asOf: Date): Joined {
  return {
    join: sql`left join (
      select ${KEY}, count(*)::int as open, max(severity) as worst from (
        select ${KEY}, severity from finding where valid_from <= ${asOf} and exception is null
        union all
        select ${KEY}, severity from finding_past
        where valid_from <= ${asOf} and valid_to > ${asOf} and exception is null
      ) found group by ${KEY}
    ) k on ${isOfObject('k')}`,
    columns: COLUMNS,
  };
}

/** What there is now, without what came since, with what went since. */
function correctedTo(asOf: Date): Joined {
  const sums = [0, 1, 2, 3, 4].map(
    (severity) => sql`coalesce(sum(n) filter (where severity = ${sql.lit(severity)}), 0)::int`,
  );
  const worst = [4, 3, 2, 1, 0].map((severity) => {
    const place = sql.lit(severity + 1);
    return sql`when coalesce(k.counts[${place}], 0) + d.counts[${place}] > 0 then ${sql.lit(severity)}`;
  });
  return {
    join: sql`${OBJECT_COUNTS.join} left join (
      select ${KEY}, sum(n)::int as open, array[${sql.join(sums)}] as counts from (
        select ${KEY}, severity, -1 as n from finding where valid_from > ${asOf} and exception is null
        union all
        select ${KEY}, severity, 1 from finding_past
        where valid_from <= ${asOf} and valid_to > ${asOf} and exception is null
      ) moved group by ${KEY}
    ) d on ${isOfObject('d')}`,
    columns: sql`, ${OPEN} + coalesce(d.open, 0) as open,
      case when d.counts is null then ${WORST} ${sql.join(worst, sql` `)} else -1 end as worst`,
  };
}
