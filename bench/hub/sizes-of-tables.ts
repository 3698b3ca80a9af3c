import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '@bulwark/core';
import { openStore, type Store } from '@bulwark/store';
import type { RunningHub } from '../../e2e/hub/running-hub.testing.ts';

/** Opens the database of a running hub beside it. */
export async function besideHub(hub: RunningHub): Promise<Store> {
  const folder = join(hub.folder, 'data');
  const password = readFileSync(join(folder, 'password'), 'utf8').trim();
  const pidFile = join(folder, 'data-18', 'postmaster.pid');
  if (!existsSync(pidFile)) throw new Error('the hub has no database of its own');
  // The port is on the fourth line (PostgreSQL, src/include/utils/pidfile.h).
  const port = readFileSync(pidFile, 'utf8').split('\n')[3];
  const url = new Secret(`postgres://bulwark:${password}@127.0.0.1:${port}/postgres`);
  return openStore({ url, now: new Date(), connections: 1, migrate: false });
}

/** Bytes of every table with its indexes and what it keeps apart, partitions added up. */
export async function tableSizes({ pool }: Store): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ name: string; bytes: number }>(
    `select coalesce(p.relname, c.relname) as name, sum(pg_total_relation_size(c.oid))::bigint as bytes
     from pg_class c left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace group by 1 order by 2 desc`,
  );
  return new Map(rows.map(({ name, bytes }) => [name, bytes]));
}
