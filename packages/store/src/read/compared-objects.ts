import type { JsonObject } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import { inNamespaces, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { actorColumns } from './actor-columns.ts';
import { folded } from './folded.ts';
import { type ListRequest, type Page, readPage } from './page.ts';
import { CLUSTER_NAME, namespaceOf } from './resource-source.ts';

/** Two moments: what changed after the first, up to the second. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** An object that is not the same at two moments. */
export interface ComparedObject {
  readonly clusterId: number;
  readonly clusterName: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string;
  readonly name: string;
  /** What makes the first moment the second: created where the first did not have it. */
  readonly verb: 'created' | 'changed' | 'deleted';
  /** When it was last changed. */
  readonly at: Date;
  /** How many changes lie between. */
  readonly changes: number;
  /** Users, or field managers where no user is known. */
  readonly actors: readonly string[];
  readonly opened: number;
  readonly resolved: number;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

const ACTOR = sql`coalesce(actor->>'user', nullif(array_to_string(array(select jsonb_array_elements_text(actor->'managers')), ' '), ''))`;

/** The changes of a span, one row for each object whose content is not the same at both ends. */
function source({ from, to }: Span): RawBuilder<unknown> {
  return sql`(
    select *, case when before is null then 'created' when after is null then 'deleted' else 'changed' end as verb
    from (
      select cluster_id, kind, namespace, name, max(at) as at, count(*)::int as changes,
        (array_agg(api_version order by at desc, id desc))[1] as api_version,
        (array_agg(before order by at, id))[1] as before, (array_agg(after order by at desc, id desc))[1] as after,
        coalesce(array_agg(distinct ${ACTOR}) filter (where ${ACTOR} is not null), '{}') as actors, jsonb_agg(actor) as who,
        sum(opened)::int as opened, sum(resolved)::int as resolved
      from change where at > ${from} and at <= ${to} group by cluster_id, kind, namespace, name
    ) grouped where before is distinct from after)`;
}

const content = (column: string) =>
  sql`(select content from body b where b.cluster_id = t.cluster_id and b.hash = ${sql.ref(column)})`;

/** A page of the objects that are not the same at two moments. */
export function compareObjects(
  store: Store,
  scope: Scope,
  span: Span,
  request: ListRequest,
): Promise<Page<ComparedObject>> {
  return readPage<ComparedObject>(
    store,
    scope,
    {
      source: source(span),
      columns: {
        fields: {
          namespace: { type: 'text', sql: sql`nullif(t.namespace, '')`, lower: sql`t.namespace` },
          kind: { type: 'text', sql: sql`t.kind`, isKind: true },
          name: { type: 'text', sql: sql`t.name` },
          verb: { type: 'enum', sql: sql`t.verb` },
          ...actorColumns(sql`t.who`),
          at: { type: 'time', sql: sql`t.at` },
          age: { type: 'age', sql: sql`t.at` },
        },
        texts: [sql`t.namespace`, sql`t.name`, sql`t.kind`, sql`array_to_string(t.actors, ' ')`],
      },
      sorts: {
        namespace: [{ sql: sql`t.namespace`, type: 'text' }],
        at: [{ sql: sql`t.at`, type: 'timestamptz' }],
        name: [{ sql: folded(sql`t.name`), type: 'text' }],
      },
      standard: 'namespace',
      key: ['kind', 'namespace', 'name'].map((column) => ({
        sql: sql`t.${sql.ref(column)}`,
        type: 'text' as const,
      })),
      condition: inNamespaces(scope, namespaceOf),
      select: sql`t.cluster_id as "clusterId", ${CLUSTER_NAME} as "clusterName", t.kind, t.api_version as "apiVersion", t.namespace,
        t.name, t.verb, t.at, t.changes, t.actors, t.opened, t.resolved, ${content('t.before')} as before,
        ${content('t.after')} as after`,
    },
    request,
  );
}
