import type { JsonObject } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import { readCursor, writeCursor } from '../read/cursor.ts';
import type { ListRequest, Page } from '../read/page.ts';
import { type QueryColumns, toSql } from '../read/query-sql.ts';
import type { Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { BuildFacts, BuildImage } from './record.ts';

export interface BuildRecord extends BuildFacts {
  readonly id: number;
  readonly received: Date;
  /** How many objects and images it names. */
  readonly objects: number;
  readonly images: number;
}

/** Whether an object `o` of a record `t` is one that a scope lets be seen. */
function isOwn({ namespaces, given }: Scope): RawBuilder<boolean> {
  return namespaces === 'all'
    ? sql<boolean>`true`
    : sql<boolean>`(${isNamed(given)} or (o.namespace = '' and ${saysOf(namespaces)}))`;
}

/** The objects of a record `t` that a scope lets be seen, as rows `o`. */
function objectsIn(scope: Scope): RawBuilder<unknown> {
  return sql`build_object o where o.record_id = t.id and ${isOwn(scope)}`;
}

/** Its images, as rows `i`: where it names other objects too, those that these run, as the others tell what else was built. */
function imagesIn(scope: Scope): RawBuilder<unknown> {
  const own =
    scope.namespaces === 'all'
      ? sql`true`
      : sql`(not exists (select from build_object o where o.record_id = t.id and not ${isOwn(scope)})
          or exists (select from ${objectsIn(scope)} and i.name = any(o.images)))`;
  return sql`build_image i where i.record_id = t.id and ${own}`;
}

function selectIn(scope: Scope): RawBuilder<unknown> {
  return sql`t.id, t.repository, t.commit, t.ref, t.run, t.author, t.system, t.verdict, t.fail_on as "failOn", t.controls,
    t.counts, t.at, t.received_at as received, (select count(*) from ${objectsIn(scope)}) as objects,
    (select count(*) from ${imagesIn(scope)}) as images`;
}

/** What can be asked of records: of what they name, only what may be seen. */
function columnsIn(scope: Scope): QueryColumns {
  const list = (items: RawBuilder<unknown>) =>
    ({ type: 'list', sql: sql`array(${items})`, items: sql`(${items})` }) as const;
  const ofObjects = (column: RawBuilder<unknown>) => list(sql`select ${column} from ${objectsIn(scope)}`);
  return {
    fields: {
      repository: { type: 'text', sql: sql`t.repository` },
      commit: { type: 'text', sql: sql`t.commit` },
      ref: { type: 'text', sql: sql`t.ref` },
      author: { type: 'text', sql: sql`t.author` },
      system: { type: 'text', sql: sql`t.system` },
      verdict: { type: 'enum', sql: sql`t.verdict` },
      kind: { ...ofObjects(sql`o.kind`), isKind: true },
      name: ofObjects(sql`o.name`),
      namespace: ofObjects(sql`o.namespace`),
      image: list(sql`select unnest(array[i.name, i.digest]) from ${imagesIn(scope)}`),
      at: { type: 'time', sql: sql`t.received_at` },
      age: { type: 'age', sql: sql`t.received_at` },
    },
    texts: [sql`t.repository`, sql`t.commit`, sql`coalesce(t.ref, '')`, sql`coalesce(t.author, '')`],
  };
}

/** Records that say something of a scope: without limits all do, else those that name a namespace of it. */
function isSeen({ clusters, namespaces, given }: Scope): RawBuilder<boolean> {
  const ofClusters =
    clusters === 'all'
      ? sql`true`
      : sql`(cardinality(${[...clusters]}::int[]) > 0 and (t.clusters is null or t.clusters && ${[...clusters]}::int[]))`;
  const ofNamespaces =
    namespaces === 'all'
      ? sql`true`
      : sql`(${saysOf(namespaces)} or exists (
          select from build_object o where o.record_id = t.id and ${isNamed(given)}))`;
  return sql<boolean>`(${ofClusters} and ${ofNamespaces})`;
}

/** Whether a record with limits may say something of a namespace. */
function saysOf(namespaces: readonly string[]): RawBuilder<boolean> {
  return sql<boolean>`(t.namespaces is not null and exists (
    select from unnest(${[...namespaces]}::text[]) own where fits(own, t.namespaces)))`;
}

/** Whether an object is of a namespace that limits name, be it there already or not; no pattern takes what is of none. */
function isNamed(given: Scope['given']): RawBuilder<boolean> {
  return given === 'all' ? sql`true` : sql`(o.namespace <> '' and fits(o.namespace, ${[...given]}::text[]))`;
}

const ORDER = '-id';

/**
 * A page of build records, the newest first, with all that is recorded meanwhile before the first page.
 *
 * @throws AppError `bad-cursor` for a cursor of another list.
 */
export async function listBuilds(
  { db }: Store,
  scope: Scope,
  { query, limit, cursor, now }: Pick<ListRequest, 'query' | 'limit' | 'cursor' | 'now'>,
): Promise<Page<BuildRecord>> {
  const [below] = cursor === undefined ? [] : readCursor(cursor, ORDER, ['int8']).values;
  const wanted = sql`${isSeen(scope)} and ${toSql(query, columnsIn(scope), now)}`;
  const { rows } = await sql<BuildRecord>`
    select ${selectIn(scope)} from build_record t
    where ${wanted} and ${below === undefined ? sql`true` : sql`t.id < ${below}::int8`}
    order by t.id desc limit ${limit + 1}`.execute(db);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const next =
    rows.length > limit && last !== undefined
      ? writeCursor({ sort: ORDER, values: [String(last.id)], cluster: 0 })
      : null;
  return { items, next, total: cursor === undefined && next === null ? items.length : null };
}

export interface BuildDetail {
  readonly record: BuildRecord;
  readonly objects: readonly {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly fingerprint: string;
  }[];
  readonly images: readonly BuildImage[];
}

/** A record with what it names, as far as a scope goes. */
export async function findBuild({ db }: Store, scope: Scope, id: number): Promise<BuildDetail | undefined> {
  const { rows } = await sql<BuildRecord>`
    select ${selectIn(scope)} from build_record t where t.id = ${id} and ${isSeen(scope)}`.execute(db);
  const [record] = rows;
  if (record === undefined) return undefined;
  const objects = await sql<BuildDetail['objects'][number]>`
    select each.* from build_record t cross join lateral (
      select o.kind, o.namespace, o.name, left(encode(o.hash, 'hex'), 32) as fingerprint from ${objectsIn(scope)}
    ) each where t.id = ${id} order by each.kind, each.namespace, each.name`.execute(db);
  const images = await sql<BuildImage>`
    select each.* from build_record t cross join lateral (select i.name, i.digest, i.made from ${imagesIn(scope)}) each
    where t.id = ${id} order by each.name, each.digest`.execute(db);
  return { record, objects: objects.rows, images: images.rows };
}

/** What runs, as far as it is asked who built it. */
export interface BuiltObject {
  readonly cluster: number;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Without tag and digest. */
  readonly images: readonly string[];
  readonly asOf?: Date | undefined;
}

/** Most versions of an object that are looked through for the one that runs. */
const MOST_VERSIONS = 100;

/** What a record may say of an object: its limits are those of who posted it. */
function mayTell({ cluster, namespace, asOf }: Omit<BuiltObject, 'images'>): RawBuilder<boolean> {
  return sql<boolean>`((t.clusters is null or ${cluster} = any(t.clusters))
    and (t.namespaces is null or (${namespace} <> '' and fits(${namespace}, t.namespaces)))
    and ${asOf === undefined ? sql`true` : sql`t.received_at <= ${asOf}`})`;
}

function isWithin({ clusters, namespaces }: Scope, { cluster, namespace }: BuiltObject): boolean {
  return (
    (clusters === 'all' || clusters.includes(cluster)) &&
    (namespaces === 'all' || namespaces.includes(namespace))
  );
}

/**
 * The versions of an object's manifest that were built, each with the last record of it, the newest first. A manifest that
 * leaves its namespace open is one of the object's only where they have an image in common.
 */
export async function buildsOf(
  { db }: Store,
  scope: Scope,
  object: BuiltObject,
): Promise<readonly (BuildRecord & { readonly content: JsonObject })[]> {
  if (!isWithin(scope, object)) return [];
  const { kind, namespace, name, images } = object;
  const { rows } = await sql<BuildRecord & { readonly content: JsonObject }>`
    select ${selectIn(scope)}, m.content from (
      select distinct on (o.hash) o.hash, t.* from build_object o join build_record t on t.id = o.record_id
      where o.kind = ${kind} and o.name = ${name} and ${mayTell(object)}
        and (o.namespace = ${namespace} or (o.namespace = '' and o.images && ${[...images]}::text[]))
      order by o.hash, o.record_id desc
    ) t join build_manifest m on m.hash = t.hash
    order by t.id desc limit ${MOST_VERSIONS}`.execute(db);
  return rows;
}

/** The last record of the build that made each image, by digest. */
export async function makersOf(
  { db }: Store,
  scope: Scope,
  object: BuiltObject,
  digests: readonly string[],
): Promise<ReadonlyMap<string, BuildRecord>> {
  if (digests.length === 0 || !isWithin(scope, object)) return new Map();
  const { rows } = await sql<BuildRecord & { readonly digest: string }>`
    select ${selectIn(scope)}, t.image_digest as digest from (
      select distinct on (i.digest) i.digest as image_digest, t.* from build_image i join build_record t on t.id = i.record_id
      where i.digest = any(${[...digests]}::text[]) and i.made and ${mayTell(object)}
      order by i.digest, i.record_id desc
    ) t`.execute(db);
  return new Map(rows.map(({ digest, ...record }) => [digest, record]));
}
