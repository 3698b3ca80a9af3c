import { type RawBuilder, sql } from 'kysely';
import { inClusters, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { KindRecord } from '../write/sight.ts';
import { knownSince } from './known-since.ts';

/** What is known of a cluster without counting what is in it. */
export interface ClusterFacts {
  readonly id: number;
  readonly name: string;
  /** Of its API server, as of now. */
  readonly version: string;
  /** The same at the moment that was asked for; null where it is not known, as it was not kept from the beginning. */
  readonly versionThen: string | null;
  /**
   * By kind, with its group, whether it was known what there is of it. A kind that is not in it was never looked for. What an outage
   * or a start of the hub leaves as it was counts as seen.
   */
  readonly seen: ReadonlyMap<string, boolean>;
  /** Of what it serves, the kinds that are asked for. */
  readonly served: readonly string[];
}

interface FactsRow extends Pick<ClusterFacts, 'id' | 'name' | 'version' | 'versionThen'> {
  readonly kinds: readonly KindRecord[];
  /** By kind, as far as it ever was, whether it was seen at the moment that is asked for. */
  readonly then: Readonly<Record<string, boolean>>;
}

/**
 * The clusters of a scope, now or as of a moment. A cluster of which nothing was known at the moment is not among them, and what
 * was not seen then is not, whatever is seen by now.
 */
export async function clusterFacts(
  { db }: Store,
  scope: Scope,
  asOf?: Date,
): Promise<readonly ClusterFacts[]> {
  const { rows } = await sql<FactsRow>`
    select c.id, c.name, c.version, ${versionAt(asOf)} as "versionThen", c.kinds, ${seenAt(asOf)} as "then" from cluster c
    where ${inClusters(scope, sql`c.id`)} and ${asOf === undefined ? sql`true` : sql`${knownSince()} <= ${asOf}`}
    order by c.id`.execute(db);
  return rows.map(({ kinds, then, ...cluster }) => ({
    ...cluster,
    seen: new Map(
      asOf === undefined
        ? kinds.map((kind) => [kind.kind, isSeen(kind, then)])
        : [...Object.entries(then), ...kinds.flatMap((kind) => presentOf(kind, then, asOf))],
    ),
    served: kinds.filter(({ state }) => state !== 'absent').map(({ kind }) => kind),
  }));
}

/** The version of a cluster `c` at a moment, as far as it is known. */
function versionAt(asOf: Date | undefined): RawBuilder<string | null> {
  if (asOf === undefined) return sql<string>`c.version`;
  return sql<
    string | null
  >`(select each ->> 'version' from jsonb_array_elements(c.versions) with ordinality as v(each, place)
    where (each ->> 'since')::timestamptz <= ${asOf} order by place desc limit 1)`;
}

/** Whether each kind of a cluster `c` was seen at a moment, as far as it ever was. */
function seenAt(asOf: Date | undefined): RawBuilder<Record<string, boolean>> {
  const wasSeen =
    asOf === undefined
      ? sql`k.seen_until is null`
      : sql`k.seen_from <= ${asOf} and (k.seen_until is null or k.seen_until > ${asOf})`;
  return sql<Record<string, boolean>>`coalesce((select jsonb_object_agg(kind, was_seen) from (
    select k.kind, bool_or(${wasSeen}) as was_seen from seen_kind k where k.cluster_id = c.id group by 1) each), '{}')`;
}

/** What is not yet listed since a start of the hub, and not said to be lost, counts as it was seen before. */
function isSeen({ kind, state, reason }: KindRecord, then: FactsRow['then']): boolean {
  const isAwaited = state === 'listing' || (state === 'pending' && reason === null);
  return state === 'live' || state === 'stale' || (isAwaited && then[kind] === true);
}

/** What the present state of a kind says of the past: that it was unseen since then, or never seen at all. */
function presentOf(record: KindRecord, then: FactsRow['then'], asOf: Date): [string, boolean][] {
  const { kind, since } = record;
  const isUnseenSince = !isSeen(record, then) && Date.parse(since) <= asOf.getTime();
  return isUnseenSince || then[kind] === undefined ? [[kind, false]] : [];
}

/** The names of all clusters, by their numbers. */
export async function clusterNames({ pool }: Store): Promise<ReadonlyMap<number, string>> {
  const { rows } = await pool.query<{ id: number; name: string }>('select id, name from cluster');
  return new Map(rows.map(({ id, name }) => [id, name]));
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

/**
 * The number of the cluster to which a context leads of which the audit log is in a file: the one that has its name and has
 * answered, else the one of which it was read before for this context, which has the name of another that leads to it as long as that
 * one watches it. Undefined where there is none.
 *
 * @param source the file, as the source of the audit log is called.
 */
export async function clusterOfAuditFile(
  { pool }: Store,
  { context, source }: { readonly context: string; readonly source: string },
): Promise<number | undefined> {
  const { rows } = await pool.query<{ id: number }>(
    `select c.id from cluster c
     left join audit_source s on s.cluster_id = c.id and s.source = $2 and s.position ->> 'context' = $1
     where not c.is_demo and c.version <> '' and (c.name = $1 or s.cluster_id is not null)
     order by c.name = $1 desc, c.last_seen desc nulls last, c.id desc limit 1`,
    [context, source],
  );
  return rows[0]?.id;
}
