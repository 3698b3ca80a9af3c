import { sql } from 'kysely';
import { inClusters, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { Topic } from '../write/announce.ts';

/**
 * Names the present state of some topics in a scope, and of the names of its clusters: as long as it is the same, whatever was
 * worked out from them after it was asked for still holds. Cost: a row for each cluster and topic.
 */
export async function stateOfTopics({ db }: Store, scope: Scope, topics: readonly Topic[]): Promise<string> {
  const { rows } = await sql<{ state: string }>`
    select coalesce(string_agg(part, ' ' order by part), '') as state from (
      select concat_ws(':', c.id, md5(c.name)) as part from cluster c where ${inClusters(scope, sql`c.id`)}
      union all
      select concat_ws(':', t.cluster_id, t.topic, t.state) from topic_state t
      where t.topic = any(${[...topics]}::text[]) and (t.cluster_id = 0 or ${inClusters(scope)})
    ) stated`.execute(db);
  return rows[0]?.state ?? '';
}
