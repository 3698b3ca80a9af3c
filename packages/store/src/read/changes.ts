import type { JsonObject } from '@bulwark/core';
import { sql } from 'kysely';
import { inNamespaces, inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { fullActorOf } from '../write/actor.ts';
import { isOf, isOfOwned } from '../write/changes-of.ts';
import type { Actor } from '../write/rows.ts';
import { actorColumns, actorText } from './actor-columns.ts';
import type { Times } from './finding-columns.ts';
import { type ListRequest, type Page, readPage } from './page.ts';
import { CLUSTER_NAME, namespaceOf } from './resource-source.ts';

export interface ChangeRecord {
  readonly id: number;
  readonly clusterId: number;
  readonly clusterName: string;
  readonly at: Date;
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string;
  readonly name: string;
  readonly verb: 'created' | 'changed' | 'deleted';
  readonly actor: Actor;
  readonly opened: number;
  readonly resolved: number;
}

const SELECT = sql`t.id, t.cluster_id as "clusterId", ${CLUSTER_NAME} as "clusterName", t.at, t.kind, t.api_version as "apiVersion",
  t.namespace, t.name, t.verb, ${sql.raw(fullActorOf('t'))} as actor, t.opened, t.resolved`;

/** A page of changes, the newest first; with `of` those of an object, and of the pods that belong to it. */
export function listChanges(
  store: Store,
  scope: Scope,
  request: ListRequest &
    Times & { readonly of?: { readonly kind: string; readonly namespace: string; readonly name: string } },
): Promise<Page<ChangeRecord>> {
  const { asOf, since, of } = request;
  const until = asOf === undefined ? sql`true` : sql`at <= ${asOf}`;
  const from = since === undefined ? sql`true` : sql`at > ${since}`;
  const changes = sql`select c.* from change c`;
  const theirs =
    of === undefined
      ? changes
      : sql`select c.* from (select ${of.kind}::text as kind, ${of.namespace}::text as namespace, ${of.name}::text as name) o
          join change c on ${sql.raw(isOf('c', 'o'))} or ${sql.raw(isOfOwned('c', 'o'))}`;
  return readPage<ChangeRecord>(
    store,
    scope,
    {
      source: sql`(${theirs} where ${until} and ${from})`,
      columns: {
        fields: {
          namespace: { type: 'text', sql: sql`nullif(t.namespace, '')`, lower: sql`t.namespace` },
          kind: { type: 'text', sql: sql`t.kind`, isKind: true },
          name: { type: 'text', sql: sql`t.name` },
          verb: { type: 'enum', sql: sql`t.verb` },
          ...actorColumns(sql`t.actor`),
          at: { type: 'time', sql: sql`t.at` },
          age: { type: 'age', sql: sql`t.at` },
        },
        texts: [sql`t.namespace`, sql`t.name`, sql`t.kind`, actorText(sql`t.actor`)],
      },
      sorts: { at: [{ sql: sql`t.at`, type: 'timestamptz' }] },
      standard: '-at',
      key: [{ sql: sql`t.id`, type: 'int8' }],
      condition: inNamespaces(scope, namespaceOf),
      select: SELECT,
    },
    request,
  );
}

/** One change with what was there before and after. */
export async function findChange(
  { db }: Store,
  scope: Scope,
  cluster: number,
  id: number,
): Promise<
  (ChangeRecord & { readonly before: JsonObject | null; readonly after: JsonObject | null }) | undefined
> {
  const content = (column: string) =>
    sql`(select content from body b where b.cluster_id = t.cluster_id and b.hash = ${sql.ref(column)})`;
  const { rows } = await sql<ChangeRecord & { before: JsonObject | null; after: JsonObject | null }>`
    select ${SELECT}, ${content('t.before')} as before, ${content('t.after')} as after
    from change t where t.cluster_id = ${cluster} and t.id = ${id} and ${inScope(scope, namespaceOf)}`.execute(
    db,
  );
  return rows[0];
}
