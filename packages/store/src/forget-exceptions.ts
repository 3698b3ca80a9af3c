import type { Pool } from 'pg';
import { inTransaction } from './transaction.ts';
import { announce } from './write/announce.ts';

/** Of each exception that names clusters, those of them that are there, in their order. */
const LEFT = `
select e.id, coalesce(jsonb_agg(n.id order by n.place) filter (where c.id is not null), '[]') as clusters
from exception e cross join jsonb_array_elements(e.scope->'clusters') with ordinality as n(id, place)
left join cluster c on to_jsonb(c.id) = n.id
group by e.id having count(c.id) < count(*)`;

/** Those of no cluster that is left are gone; the others no longer name the one that is. */
const FORGET = `
with changed as (${LEFT}), gone as (
  delete from exception e using changed n where n.id = e.id and n.clusters = '[]' returning e.id
), narrowed as (
  update exception e set scope = jsonb_set(e.scope, '{clusters}', n.clusters) from changed n
  where n.id = e.id and n.clusters <> '[]' returning e.id
)
select from gone union all select from narrowed`;

/**
 * Forgets exceptions with the clusters that were removed, as everything of these is forgotten. One that names others as well
 * stays for those. What names no cluster is for all, and stays.
 *
 * @returns how many were forgotten or changed.
 */
export function forgetExceptions(pool: Pool): Promise<number> {
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(FORGET);
    const count = rowCount ?? 0;
    if (count > 0) await announce(client, { topics: ['exceptions'], clusters: 'all', namespaces: 'all' });
    return count;
  });
}
