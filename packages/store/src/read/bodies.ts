import type { JsonObject } from '@bulwark/core';
import { sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { hasNotEnded } from '../write/in-pods.ts';
import { namespaceOf, resourceSource } from './resource-source.ts';

export interface StoredBody {
  readonly hash: string;
  readonly content: JsonObject;
}

/** Bodies by their hashes, as far as an object of the scope has them or has had them. */
export async function bodiesOf(
  { db }: Store,
  scope: Scope,
  hashes: readonly string[],
): Promise<readonly StoredBody[]> {
  if (hashes.length === 0) return [];
  const has = (table: string) =>
    sql`exists (select from ${sql.raw(table)} t where t.cluster_id = b.cluster_id and t.body_hash = b.hash and ${inScope(scope, namespaceOf)})`;
  const { rows } = await sql<StoredBody>`
    select distinct on (b.hash) b.hash, b.content from body b
    where b.hash = any(${[...hashes]}::uuid[]) and (${has('resource')} or ${has('resource_past')})`.execute(
    db,
  );
  return rows;
}

/** What runs of a workload under one body. */
export interface RunningBody {
  readonly hash: string;
  /** How many of its pods that have not ended have it. */
  readonly pods: number;
}

/** The bodies that the running pods of a workload have, one for each template that runs, that of most pods first. */
export async function runningBodiesOf(
  { db }: Store,
  scope: Scope,
  owner: {
    readonly cluster: number;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly asOf?: Date | undefined;
  },
): Promise<readonly RunningBody[]> {
  const { cluster, kind, namespace, name, asOf } = owner;
  const isPod = sql`cluster_id = ${cluster} and kind = 'Pod' and owner_kind = ${kind} and namespace = ${namespace} and owner_name = ${name}`;
  const { rows } = await sql<RunningBody>`
    select t.body_hash as hash, count(*)::int as pods from ${resourceSource({ asOf }, isPod)} t
    where ${inScope(scope)} and ${sql.raw(hasNotEnded('t'))} group by 1 order by 2 desc, 1`.execute(db);
  return rows;
}
