import { sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { KindRecord } from '../write/clusters.ts';

/** What is known of a cluster without counting what is in it. */
export interface ClusterFacts {
  readonly id: number;
  readonly name: string;
  /** Of its API server. */
  readonly version: string;
  readonly kinds: readonly KindRecord[];
}

/** The clusters of a scope. */
export async function clusterFacts({ db }: Store, scope: Scope): Promise<readonly ClusterFacts[]> {
  const { rows } = await sql<ClusterFacts>`
    select t.id, t.name, t.version, t.kinds from (select *, id as cluster_id from cluster) t
    where ${inScope({ ...scope, namespaces: 'all' })} order by t.id`.execute(db);
  return rows;
}
