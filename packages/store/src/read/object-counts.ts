import { sql } from 'kysely';
import type { Store } from '../store.ts';

/** What tells an object from all others. */
interface ObjectPlace {
  readonly clusterId: number;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * How many findings of some objects were open at a moment, in the order of the objects. Cost: the findings of these objects,
 * and one pass over what has ended since.
 */
export async function openAt(
  { db }: Store,
  objects: readonly ObjectPlace[],
  asOf: Date,
): Promise<readonly number[]> {
  if (objects.length === 0) return [];
  const column = (name: keyof ObjectPlace) => objects.map((object) => object[name]);
  const isOf = sql`f.cluster_id = o.cluster_id and f.namespace = o.namespace and f.name = o.name and f.kind = o.kind`;
  const { rows } = await sql<{ place: number; open: number }>`
    with asked as (
      select * from unnest(${column('clusterId')}::int[], ${column('kind')}::text[], ${column('namespace')}::text[],
        ${column('name')}::text[]) with ordinality as o(cluster_id, kind, namespace, name, place)
    )
    select place::int as place, count(*)::int as open from (
      select o.place from asked o join finding f on ${isOf} where f.valid_from <= ${asOf} and f.exception is null
      union all
      select o.place from asked o join finding_past f on ${isOf}
      where f.valid_from <= ${asOf} and f.valid_to > ${asOf} and f.exception is null
    ) found group by 1`.execute(db);
  const counts = new Map(rows.map(({ place, open }) => [place, open]));
  return objects.map((_object, index) => counts.get(index + 1) ?? 0);
}
