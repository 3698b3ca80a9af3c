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

/** What a custom kind is called in paths. */
export interface CustomKind {
  readonly group: string;
  readonly resource: string;
  readonly kind: string;
}

/** The custom kinds that a cluster defines. */
export async function customKinds({ pool }: Store, cluster: number): Promise<readonly CustomKind[]> {
  const { rows } = await pool.query<CustomKind>(
    `select b.content #>> '{spec,group}' as "group", b.content #>> '{spec,names,plural}' as resource,
       b.content #>> '{spec,names,kind}' as kind
     from resource t join body b on b.cluster_id = t.cluster_id and b.hash = t.body_hash
     where t.cluster_id = $1 and t.kind = 'apiextensions.k8s.io/CustomResourceDefinition'`,
    [cluster],
  );
  return rows;
}

/** The number of the cluster that was last seen under a name; undefined where none was. */
export async function clusterNamed({ pool }: Store, name: string): Promise<number | undefined> {
  const { rows } = await pool.query<{ id: number }>(
    'select id from cluster where name = $1 and not is_demo order by last_seen desc nulls last, id desc limit 1',
    [name],
  );
  return rows[0]?.id;
}
