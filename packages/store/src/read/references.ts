import { sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { resourceSource } from './inventory.ts';

/** An object that may name others, with the hash of its body. */
export interface ReferrerRecord {
  readonly clusterId: number;
  readonly clusterName: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly bodyHash: string;
  readonly isWorkload: boolean;
  /** Of its pods, where it has some. */
  readonly serviceAccount: string;
  readonly team: string | null;
  readonly firstSeen: Date;
  readonly changed: Date;
}

const CLUSTER_NAME = sql`(select name from cluster c where c.id = t.cluster_id)`;

/** Every workload, and every object of some further kinds. */
export async function referrersOf(
  { db }: Store,
  scope: Scope,
  { kinds, asOf }: { readonly kinds: readonly string[]; readonly asOf?: Date | undefined },
): Promise<readonly ReferrerRecord[]> {
  const { rows } = await sql<ReferrerRecord>`
    select t.cluster_id as "clusterId", ${CLUSTER_NAME} as "clusterName", t.kind, t.namespace, t.name,
      t.body_hash as "bodyHash", t.is_workload as "isWorkload", t.service_account as "serviceAccount", t.team,
      t.first_seen as "firstSeen", t.valid_from as changed
    from ${resourceSource({ asOf }, sql`(is_workload or kind = any(${[...kinds]}::text[]))`)} t
    where ${inScope(scope)} order by t.cluster_id, t.namespace, t.kind, t.name`.execute(db);
  return rows;
}

/** What is stored of a Secret: never a value. */
export interface SecretRecord {
  readonly clusterId: number;
  readonly clusterName: string;
  readonly namespace: string;
  readonly name: string;
  readonly type: string | null;
  readonly keys: readonly string[];
  readonly certificate: {
    readonly subject?: string;
    readonly names?: readonly string[];
    readonly notAfter?: string;
  } | null;
  /** The service account whose token it holds, where it holds one. */
  readonly tokenOf: string | null;
  readonly team: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly firstSeen: Date;
  readonly changed: Date;
}

/** Every Secret that was seen. */
export async function secretsOf(
  { db }: Store,
  scope: Scope,
  { asOf }: { readonly asOf?: Date | undefined },
): Promise<readonly SecretRecord[]> {
  const { rows } = await sql<SecretRecord>`
    select t.cluster_id as "clusterId", ${CLUSTER_NAME} as "clusterName", t.namespace, t.name, b.content->>'type' as type,
      array(select distinct k from unnest(array['data', 'stringData']) field,
        jsonb_object_keys(case jsonb_typeof(b.content->field) when 'object' then b.content->field else '{}' end) k order by k) as keys,
      b.content->'certificate' as certificate,
      b.content #>> '{metadata,annotations,kubernetes.io/service-account.name}' as "tokenOf", t.team, t.labels, t.first_seen as "firstSeen", t.valid_from as changed
    from ${resourceSource({ asOf }, sql`kind = 'Secret'`)} t join body b on b.hash = t.body_hash
    where ${inScope(scope)} order by t.cluster_id, t.namespace, t.name`.execute(db);
  return rows;
}

/**
 * Names the present state of all objects of some kinds in each cluster: as long as it is the same, whatever was worked
 * out from them is still right.
 */
export async function stateOfKinds(
  { db }: Store,
  scope: Scope,
  { kinds, asOf }: { readonly kinds: readonly string[]; readonly asOf?: Date | undefined },
): Promise<ReadonlyMap<number, string>> {
  const { rows } = await sql<{ id: number; state: string }>`
    select t.cluster_id as id, count(*) || ':' ||
      sum(hashtextextended(concat_ws('|', t.kind, t.namespace, t.name, t.body_hash), 0)::numeric) as state
    from ${resourceSource({ asOf }, sql`kind = any(${[...kinds]}::text[])`)} t where ${inScope(scope)} group by 1`.execute(
    db,
  );
  return new Map(rows.map(({ id, state }) => [id, state]));
}
