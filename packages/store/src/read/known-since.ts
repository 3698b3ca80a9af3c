import { type RawBuilder, sql } from 'kysely';

/**
 * SQL for the first moment of which something is known of a cluster `c`: when the first of its kinds was seen and judged. Before, it
 * was being listed for the first time, and an empty answer would say that nothing was there. Until something is known it is when the
 * hub came to know that there is such a cluster.
 */
export function knownSince(): RawBuilder<Date> {
  return sql<Date>`greatest(c.first_seen, (
    select min(k.seen_from) from seen_kind k where k.cluster_id = c.id and k.seen_from > '-infinity'))`;
}
