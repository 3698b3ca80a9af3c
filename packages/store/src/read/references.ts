import { sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
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

/** Objects of some kinds, without their content. */
export async function hashedObjects(
  { db }: Store,
  scope: Scope,
  choice: ObjectChoice & { readonly asOf?: Date | undefined },
): Promise<readonly HashedRecord[]> {
  const { rows } = await sql<HashedRecord>`
    select t.cluster_id as "clusterId", t.kind, t.namespace, t.name, t.body_hash as "bodyHash",
      t.is_workload as "isWorkload", t.service_account as "serviceAccount", t.team,
      t.first_seen as "firstSeen", t.valid_from as changed
    from ${resourceSource({ asOf: choice.asOf }, chosen(choice))} t where ${inScope(scope)}`.execute(db);
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
  const { rows } = await sql<{ id: number; state: string }>`
    select t.cluster_id as id,
      encode(sha256(convert_to(string_agg(t.digest::text, ' ' order by t.digest), 'UTF8')), 'hex') as state
    from resource t where ${chosen(choice)} and ${inScope(scope)} group by 1`.execute(db);
  return new Map(rows.map(({ id, state }) => [id, state]));
}
