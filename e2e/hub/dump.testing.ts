import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '@bulwark/core';
import { openStore } from '@bulwark/store';
import type { RunningHub } from './running-hub.testing.ts';

/** Every row of every table, as COPY gives it to a backup. */
export async function dumpOf(hub: RunningHub): Promise<string> {
  const password = readFileSync(join(hub.folder, 'data', 'password'), 'utf8');
  const port = Number(
    readFileSync(join(hub.folder, 'data', 'data-18', 'postmaster.pid'), 'utf8').split('\n')[3],
  );
  const url = new Secret(`postgres://bulwark:${password}@127.0.0.1:${port}/postgres`);
  const store = await openStore({ url, now: new Date(), connections: 1, migrate: false });
  try {
    const { rows: tables } = await store.pool.query<{ name: string }>(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
    );
    const parts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await store.pool.query<{ row: string }>(`select t::text as row from ${name} t`);
      parts.push(`${name}\n${rows.map(({ row }) => row).join('\n')}`);
    }
    return parts.join('\n');
  } finally {
    await store.close();
  }
}
