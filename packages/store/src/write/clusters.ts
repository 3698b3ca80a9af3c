import { isLeased, leaseHolders, mustHold } from '../lease.ts';
import { unhurry } from '../silent-connection.ts';
import type { Store } from '../store.ts';
import { inTransaction } from '../transaction.ts';
import { announce, CHANNEL } from './announce.ts';
import { keepName } from './cluster-name.ts';
import { lock, notice } from './cluster-row.ts';

export interface ClusterIdentity {
  /** UID of the namespace kube-system; null where it is not known yet, or may not be read. */
  readonly uid: string | null;
  /** SHA-256 of the CA, hexadecimal; empty where the system's authorities are trusted. */
  readonly caHash: string;
  readonly name: string;
  readonly server: string;
  readonly version: string;
  readonly isDemo: boolean;
  /**
   * Names that it keeps where it was seen by one of them: of contexts of this hub that are named before this one, which goes on for one
   * of them. Queries, views and audit logs name it so.
   */
  readonly earlier?: readonly string[];
}

/** What is known of a cluster before it answers. */
export interface AwaitedCluster extends Pick<ClusterIdentity, 'name' | 'server'> {
  readonly known?: number | undefined;
  readonly others?: readonly string[];
}

export type ClusterState = 'connecting' | 'syncing' | 'live' | 'stale' | 'gone';

const ADDRESS = 'address:';

/** What stands for the UID of a cluster that has not told it. */
function uidOfAddress(server: string): string {
  return `${ADDRESS}${server}`;
}

/**
 * The number of a cluster; one that was never seen gets one. A new cluster at an old address is another one, and so is a copy
 * of one, which has its UID, at an address and with a CA of its own. A cluster whose CA is exchanged at its address stays the
 * same. One that does not tell its UID is the last at its address with its CA; when it tells the UID, it stays the same.
 *
 * @param as whoever only asks for the number leaves the name and the address that whoever records it has given to it. Whoever
 *   records it gives it the name, which no other one has from then on that no hub records.
 */
export async function registerCluster(
  store: Store,
  identity: ClusterIdentity,
  now: Date,
  as: 'recorder' | 'asker' = 'recorder',
): Promise<number> {
  const { id, name } = await rowOf(store, identity, now, as === 'recorder');
  await keepVersion(store, id, identity.version, now);
  if (as === 'recorder') await keepName(store, id, name);
  return id;
}

interface Registered {
  readonly id: number;
  readonly name: string;
}

/**
 * The name that a row has from now on, of two parameters: whether it is recorded, and the names that it keeps, unless another
 * cluster has them. What never answered at an address may be this one.
 */
function nameFor(named: string, isRecorder: string, earlier: string): string {
  return `case when ${isRecorder} and not (c.last_seen is not null and c.name = any(${earlier}::text[]) and not exists (
    select from cluster o where o.name = c.name and o.id <> c.id and not o.is_demo
      and (o.last_seen is not null or not starts_with(o.uid, '${ADDRESS}')))) then ${named} else c.name end`;
}

/** Keeps from when on a cluster runs a version; one that is known to run goes on. */
async function keepVersion({ pool }: Store, cluster: number, version: string, now: Date): Promise<void> {
  await pool.query(
    `update cluster set versions = versions || jsonb_build_object('version', $2::text, 'since', $3::timestamptz)
     where id = $1 and $2 <> '' and (versions -> -1) ->> 'version' is distinct from $2`,
    [cluster, version, now],
  );
}

async function rowOf(
  { pool }: Store,
  identity: ClusterIdentity,
  now: Date,
  isRecorder: boolean,
): Promise<Registered> {
  const { uid, caHash, name, server, version, isDemo, earlier = [] } = identity;
  if (uid === null) {
    const { rows } = await pool.query<Registered>(
      `update cluster c set name = ${nameFor('$3', '$6', '$7')}, version = $4, ca_hash = $2 where id = (
         select id from cluster where server = $1 and not is_demo and (ca_hash = $2 or (uid = $5 and last_seen is null))
         order by last_seen desc nulls last, id desc limit 1)
       returning id, name`,
      [server, caHash, name, version, uidOfAddress(server), isRecorder, earlier],
    );
    if (rows[0] !== undefined) return rows[0];
  } else {
    // What was known by its address alone turns out to be this one, unless this one is known already.
    await pool.query(
      `update cluster set uid = $1, ca_hash = $2 where uid = $3 and (ca_hash = $2 or last_seen is null)
         and not exists (select from cluster where uid = $1 and ca_hash = $2)`,
      [uid, caHash, uidOfAddress(server)],
    );
    await pool.query('delete from cluster where uid = $1 and last_seen is null', [uidOfAddress(server)]);
    // Its authority was exchanged.
    await pool.query(
      `update cluster set ca_hash = $2 where id = (
         select id from cluster where uid = $1 and server = $3 order by last_seen desc nulls last, id desc limit 1)
         and not exists (select from cluster where uid = $1 and ca_hash = $2)`,
      [uid, caHash, server],
    );
  }
  const { rows } = await pool.query<Registered>(
    `insert into cluster as c (uid, ca_hash, name, server, version, is_demo, first_seen) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (uid, ca_hash) do update set version = excluded.version,
       name = ${nameFor('excluded.name', '$8', '$9')}, server = case when $8 then excluded.server else c.server end
     returning id, name`,
    [uid ?? uidOfAddress(server), caHash, name, server, version, isDemo, now, isRecorder, earlier],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a cluster has no number');
  return row;
}

/**
 * The number of the cluster that was last at an address, before it has answered; one that never did gets one, so that it is
 * missed where clusters are listed.
 *
 * @param awaited.known the number of the cluster that it was known to be: its address is by now that by which another context
 *   watches it.
 * @param awaited.others the addresses of the other contexts of the hub: what was seen last at one of them, and has the name of this
 *   context, is watched there while this one is away, also since before the hub was started.
 */
export async function awaitedCluster(
  { pool }: Store,
  { name, server, known, others = [] }: AwaitedCluster,
  now: Date,
): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    `with known as (
       select id from cluster where not is_demo
         and (server = $1 or id = $5 or (name = $3 and last_seen is not null and server = any($6::text[])))
       order by id = $5 desc nulls last, last_seen is null, server = $1 desc, last_seen desc, id desc limit 1
     ), added as (
       insert into cluster (uid, ca_hash, name, server, version, first_seen) select $2, '', $3, $1, '', $4
       where not exists (select from known)
       on conflict (uid, ca_hash) do update set name = excluded.name returning id
     ) select id from known union all select id from added`,
    [server, uidOfAddress(server), name, now, known ?? null, others],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a cluster has no number');
  return row.id;
}

/**
 * Says that a cluster does not answer, or that what is seen of it is not written, and tells those who watch the first time. What
 * was seen of it stays. Where another hub records it, that one says how it is.
 *
 * @param says.session of whoever holds its lease; undefined for those who do not.
 * @param says.isNew whether another reason is replaced; one that was said before by whoever says it leaves those that others say.
 */
export function markClusterAway(
  { pool }: Store,
  cluster: number,
  reason: string,
  { session, isNew = true }: { readonly session?: number | undefined; readonly isNew?: boolean } = {},
): Promise<void> {
  return inTransaction(pool, async (client) => {
    await lock(client, cluster);
    if (session !== undefined) await mustHold(client, cluster, session);
    else if (await isLeased(client, cluster)) return;
    await client.query(
      `with changed as (
         update cluster set state = 'stale', reason = $2, live_since = null
         where id = $1 and (state <> 'stale' or ($3 and reason is distinct from $2))
         returning id)
       select pg_notify($4, $5) from changed`,
      [cluster, reason, isNew, CHANNEL, notice(cluster, ['clusters', 'coverage'])],
    );
  });
}

/** A cluster that no hub records. */
export interface UnrecordedCluster {
  readonly id: number;
  /** Whether what is stored of it says that it is seen all the same. */
  readonly isLive: boolean;
}

/** The clusters that no hub records now, whyever that is. */
export async function unrecordedClusters({ pool }: Store): Promise<readonly UnrecordedCluster[]> {
  const { rows } = await pool.query<UnrecordedCluster>(
    `select id, state in ('live', 'syncing') as "isLive" from cluster order by id`,
  );
  const held = await leaseHolders(pool);
  return rows.filter(({ id }) => !held.has(id));
}

/** The clusters that are away and that no hub records, at whose address a hub records another one by now. */
export async function replacedClusters({ pool }: Store): Promise<readonly number[]> {
  const { rows } = await pool.query<{ id: number; others: number[] }>(
    `select c.id, array_agg(o.id) as others from cluster c join cluster o on o.server = c.server and o.id <> c.id
     where c.state = 'stale' and not c.is_demo and c.server <> '' group by c.id order by c.id`,
  );
  const held = await leaseHolders(pool);
  return rows
    .filter(({ id, others }) => !held.has(id) && others.some((other) => held.has(other)))
    .map(({ id }) => id);
}

/**
 * Removes a cluster with all that is known of it, now and in the past. One that a hub watches stays: it would only be seen
 * anew.
 */
export async function deleteCluster(
  { pool }: Store,
  cluster: number,
): Promise<'removed' | 'unknown' | 'watched'> {
  return inTransaction(pool, async (client) => {
    await unhurry(client, 'transaction');
    const found = await client.query('select id from cluster where id = $1 for update', [cluster]);
    if (found.rowCount === 0) return 'unknown';
    if (await isLeased(client, cluster)) return 'watched';
    // Whatever table says of what cluster its rows are, also one of a later step of the schema.
    const { rows } = await client.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'cluster_id'
       where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`,
    );
    for (const { name } of rows) await client.query(`delete from "${name}" where cluster_id = $1`, [cluster]);
    await client.query('delete from cluster where id = $1', [cluster]);
    await announce(client, {
      topics: ['inventory', 'findings', 'triage'],
      clusters: 'all',
      namespaces: 'all',
    });
    await client.query('select pg_notify($1, $2)', [CHANNEL, notice('all', ['clusters', 'coverage'])]);
    return 'removed';
  });
}
