import { type RawBuilder, sql } from 'kysely';
import { placeOf } from '../place.ts';
import { NODE_OF_PAST, PAST_COLUMNS, READ_PAST } from '../write/past.ts';
import type { Times } from './finding-columns.ts';
import { folded } from './folded.ts';
import { OWNER } from './owner.ts';
import type { OrderPart } from './page.ts';
import type { QueryColumn } from './query-sql.ts';

const BASE = sql.raw(PAST_COLUMNS);
const NODE = sql`instance #>> '{spec,nodeName}'`;
/** Of live objects this has an index. */
const LIVE_WORDS = sql`label_words(labels) as label_words`;

/** What the pods of a live workload run; of a moment it has to be looked up in the pods. */
const IN_PODS = sql`pod_bodies, pod_images, pod_accounts`;

/** Objects, live or as of a moment. A condition names columns without their relation, and stands around the union. */
export function resourceSource(
  { asOf, since }: Times,
  condition: RawBuilder<unknown> = sql`true`,
): RawBuilder<unknown> {
  const after = since === undefined ? sql`true` : sql`valid_from > ${since}`;
  if (asOf === undefined)
    return sql`(select ${BASE}, ${NODE} as node, ${LIVE_WORDS}, ${IN_PODS} from resource where ${condition} and ${after})`;
  return sql`(
    select ${BASE}, node, label_words from (
      select ${BASE}, ${NODE} as node, 'infinity'::timestamptz as until, ${LIVE_WORDS} from resource
      union all select p.*, label_words(${labelsOf('p')}) from (
        select ${sql.raw(READ_PAST)}, ${sql.raw(NODE_OF_PAST)}, valid_to from resource_past) p
    ) u where valid_from <= ${asOf} and until > ${asOf} and ${condition} and ${after})`;
}

function labelsOf(row: string): RawBuilder<unknown> {
  const labels = sql.ref(`${row}.labels`);
  const [instance, cluster, hash] = ['instance', 'cluster_id', 'body_hash'].map((name) =>
    sql.ref(`${row}.${name}`),
  );
  return sql`coalesce(${labels}, (
  select coalesce(b.content #> '{metadata,labels}', '{}') || coalesce(${instance} #> '{metadata,labels}', '{}')
  from body b where b.cluster_id = ${cluster} and b.hash = ${hash}))`;
}

/** The name of a row's cluster. */
export const CLUSTER_NAME = sql`(select name from cluster c where c.id = t.cluster_id)`;

/** The labels of a row: of a pod of the past, those of its body and its own. */
export const LABELS = labelsOf('t');

/** Labels as a query asks for them: key=value. */
export const LABEL_COLUMN = {
  type: 'list',
  sql: sql`array(select key || '=' || value from jsonb_each_text(${LABELS}))`,
  items: sql`(select key || '=' || value from jsonb_each_text(${LABELS}))`,
  indexed: sql`t.label_words`,
} as const satisfies QueryColumn;

/** What siblings of a row have in common with it. */
export const KIN = sql`(select k.content from body k where k.cluster_id = t.cluster_id and k.hash = t.kin_hash)`;

/** The namespace in which an object of a row `t` lies. */
export const namespaceOf = sql.raw(placeOf('t'));

/** What can be asked of every object. */
export const RESOURCE_COLUMNS = {
  namespace: { type: 'text', sql: sql`nullif(t.namespace, '')`, lower: sql`t.namespace` },
  kind: { type: 'text', sql: sql`t.kind`, isKind: true },
  name: { type: 'text', sql: sql`t.name`, lower: folded(sql`t.name`) },
  owner: { type: 'text', sql: sql`t.team`, lower: OWNER },
  label: LABEL_COLUMN,
  'first-seen': { type: 'time', sql: sql`t.first_seen` },
  age: { type: 'age', sql: sql`t.first_seen` },
} as const satisfies Readonly<Record<string, QueryColumn>>;

/** By what every list of objects can be sorted. */
export const RESOURCE_SORTS = {
  name: [{ sql: folded(sql`t.name`), type: 'text' }],
  namespace: [{ sql: sql`t.namespace`, type: 'text' }],
  owner: [{ sql: OWNER, type: 'text' }],
  'first-seen': [{ sql: sql`t.first_seen`, type: 'timestamptz' }],
} as const satisfies Readonly<Record<string, readonly OrderPart[]>>;

/** What tells the objects of a cluster apart. */
export const RESOURCE_KEY: readonly OrderPart[] = [
  { sql: sql`t.namespace`, type: 'text' },
  { sql: sql`t.kind`, type: 'text' },
  { sql: sql`t.name`, type: 'text' },
];

/** What every record of an object has. */
export const RESOURCE_SELECT = sql`t.cluster_id as "clusterId", ${CLUSTER_NAME} as "clusterName", t.kind, t.api_version as "apiVersion", t.namespace,
  t.name, t.team, t.environment, t.criticality, t.first_seen as "firstSeen", t.valid_from as changed, ${LABELS} as labels`;

/** The open findings of a row as they are now. */
export const OPEN_NOW = sql<number>`coalesce((select k.open from object_counter k
  where k.cluster_id = t.cluster_id and k.namespace = ${namespaceOf} and k.kind = t.kind and k.name = t.name), 0)`;
