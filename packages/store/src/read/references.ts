import { sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { hasNotEnded } from '../write/in-pods.ts';
import { resourceSource } from './resource-source.ts';

/** An object by the hash of its body. */
export interface HashedRecord {
  readonly clusterId: number;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly bodyHash: string;
  readonly isWorkload: boolean;
  /** Of its pods, where it has some. */
  readonly serviceAccount: string;
  /** The bodies of the pods that run for it, where it is a workload and not its own pod. */
  readonly podBodies: readonly string[];
  readonly team: string | null;
  readonly firstSeen: Date;
  readonly changed: Date;
}

/** Some kinds of objects, and whether workloads of any kind are among them. */
export interface ObjectChoice {
  readonly kinds: readonly string[];
  readonly withWorkloads: boolean;
}

function chosen({ kinds, withWorkloads }: ObjectChoice) {
  const ofKind = sql`kind = any(${[...kinds]}::text[])`;
  return withWorkloads ? sql`(is_workload or ${ofKind})` : ofKind;
}

/** Of a moment, for which rows do not have them, they are looked up in all pods. */
function podBodiesAt({ withWorkloads, asOf }: ObjectChoice & { readonly asOf?: Date | undefined }) {
  const none = { join: sql``, bodies: sql`'{}'::text[]` };
  if (!withWorkloads) return none;
  if (asOf === undefined) return { ...none, bodies: sql`t.pod_bodies::text[]` };
  return {
    join: sql`left join (
      select cluster_id, owner_kind, namespace, owner_name, array_agg(distinct body_hash::text) as bodies
      from ${resourceSource({ asOf }, sql`kind = 'Pod'`)} p where ${sql.raw(hasNotEnded('p'))} group by 1, 2, 3, 4
    ) p on p.cluster_id = t.cluster_id and p.owner_kind = t.kind and p.namespace = t.namespace and p.owner_name = t.name
      and t.is_workload and t.kind <> 'Pod'`,
    bodies: sql`coalesce(p.bodies, '{}')`,
  };
}

/** Objects of some kinds, without their content. */
export async function hashedObjects(
  { db }: Store,
  scope: Scope,
  choice: ObjectChoice & { readonly asOf?: Date | undefined },
): Promise<readonly HashedRecord[]> {
  const { join, bodies } = podBodiesAt(choice);
  const { rows } = await sql<HashedRecord>`
    select t.cluster_id as "clusterId", t.kind, t.namespace, t.name, t.body_hash as "bodyHash",
      t.is_workload as "isWorkload", t.service_account as "serviceAccount", t.team,
      t.first_seen as "firstSeen", t.valid_from as changed, ${bodies} as "podBodies"
    from ${resourceSource({ asOf: choice.asOf }, chosen(choice))} t ${join} where ${inScope(scope)}`.execute(
    db,
  );
  return rows;
}

/**
 * Names the present state of all objects of some kinds, for each cluster: as long as it is the same, whatever was worked
 * out from them still holds. Nobody can make two states of one name, as a sum of hashes would let them.
 */
export async function stateOfObjects(
  { db }: Store,
  scope: Scope,
  choice: ObjectChoice,
): Promise<ReadonlyMap<number, string>> {
  const podBodies = choice.withWorkloads ? sql`array_to_string(t.pod_bodies, ' ')` : sql`''`;
  const { rows } = await sql<{ id: number; state: string }>`
    select t.cluster_id as id,
      encode(sha256(convert_to(string_agg(t.digest::text || ${podBodies}, ' ' order by t.digest, ${podBodies}), 'UTF8')), 'hex') as state
    from resource t where ${chosen(choice)} and ${inScope(scope)} group by 1`.execute(db);
  return new Map(rows.map(({ id, state }) => [id, state]));
}
