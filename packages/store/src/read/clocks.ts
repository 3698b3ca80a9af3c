import { sql } from 'kysely';
import { inClusters, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';

/** A time whose moments in the history of a cluster are not the true ones: the clock of the hub had been ahead. */
export interface ClockAhead {
  readonly clusterId: number;
  readonly clusterName: string;
  /** When it was found, by the clock that was right again. */
  readonly since: Date;
  /** The last moment that was written ahead. */
  readonly until: Date;
}

/** How often the clock of the hub was found to have been ahead, the latest first. */
export async function clocksAhead({ db }: Store, scope: Scope): Promise<readonly ClockAhead[]> {
  const { rows } = await sql<ClockAhead>`
    select t.cluster_id as "clusterId", c.name as "clusterName", t.since, t.until
    from clock_ahead t join cluster c on c.id = t.cluster_id
    where ${inClusters(scope)} order by t.since desc, c.name`.execute(db);
  return rows;
}

/** The clock of an API server, beside the hub's. */
export interface ServerClock {
  readonly clusterId: number;
  readonly clusterName: string;
  /** How many seconds it is ahead of the hub's; 0 where they agree. */
  readonly skew: number;
  /** Since when they do not; null where they do. */
  readonly since: Date | null;
}

/** The clocks of the API servers that are seen now, as far as they are known. */
export async function serverClocks({ db }: Store, scope: Scope): Promise<readonly ServerClock[]> {
  const { rows } = await sql<ServerClock>`
    select c.id as "clusterId", c.name as "clusterName", c.clock_skew as skew,
      c.clock_differs_since as since
    from cluster c
    where ${inClusters(scope, sql`c.id`)} and c.state in ('live', 'syncing') and c.clock_skew is not null
    order by c.name, c.id`.execute(db);
  return rows;
}

/** The clock of the database, and the last moment of the history of all clusters; null before there is one. */
export async function databaseClock({
  pool,
}: Pick<Store, 'pool'>): Promise<{ readonly now: Date; readonly written: Date | null }> {
  const { rows } = await pool.query<{ now: Date; written: Date | null }>(
    'select clock_timestamp() as now, (select max(written_at) from cluster) as written',
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the database has no clock');
  return row;
}
