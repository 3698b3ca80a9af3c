import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { EVERY_RECORD } from '@bulwark/core';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startEmbedded } from '../postgres/embedded.ts';
import { groupFindings } from '../read/finding-groups.ts';
import { liveFindings, liveResources } from '../read/live.ts';
import { scopeOf } from '../scope.ts';
import { serverFolder } from '../server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { registerCluster } from './clusters.ts';
import { targetOf } from './killed-writer.testing.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROUNDS = process.env['BULWARK_PROOF'] === 'full' ? 30 : 3;
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });

let folder: string;
let program: string;
let server: EmbeddedServer;

beforeAll(async () => {
  folder = serverFolder('kill');
  // Beside the sources, where their packages are found.
  program = join(HERE, '..', '..', `.cache-kill-${process.pid}`, 'write.mjs');
  await build({
    stdin: {
      contents: `import { writeRound } from './killed-writer.testing.ts';
        await writeRound(process.argv[2], Number(process.argv[3]), Number(process.argv[4]));`,
      resolveDir: HERE,
      loader: 'ts',
    },
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { '@bulwark/core': join(HERE, '..', '..', '..', 'core', 'src', 'index.ts') },
  });
  server = await startEmbedded({ folder });
}, 60_000);

afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
  rmSync(dirname(program), { recursive: true, force: true });
});

function killServer(): void {
  try {
    process.kill(server.pid, 'SIGKILL');
  } catch {
    // It is just being started again.
  }
}

/** Runs the writer until it has written everything, and kills it and the server meanwhile. Returns how often. */
async function writeAmidKills(cluster: number, round: number): Promise<number> {
  for (let kills = 0; ; kills++) {
    const child = spawn(process.execPath, [program, server.url.reveal(), String(cluster), String(round)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    // Often enough; the last one may end.
    const isLast = kills >= 12;
    const wait = isLast ? 60_000 : 200 + Math.random() * 700;
    const code = await Promise.race([ended, sleep(wait, 'goes on' as const)]);
    if (code === 0) return kills;
    if (code !== 'goes on') throw new Error(`the writer failed with ${code}`);
    // The writer, the server under it, or both.
    const isServerOnly = kills % 3 === 1;
    if (!isServerOnly) child.kill('SIGKILL');
    if (kills % 3 !== 0) killServer();
    const end = await ended;
    if (isServerOnly && end === 0) return kills + 1;
    if (isServerOnly) throw new Error(`the writer failed with ${end}`);
  }
}

/** Opens the database as soon as it answers. */
async function reopen(): Promise<Store> {
  for (let tries = 0; ; tries++) {
    try {
      return await openStore({ url: server.url, now: new Date() });
    } catch (error) {
      if (tries === 100) throw error;
      await sleep(100);
    }
  }
}

describe('writer and database that are killed at any moment', () => {
  it(`end with what is there, as if nothing had been, ${ROUNDS} times`, async () => {
    let store = await reopen();
    const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
    const cluster = await registerCluster(store, identity, new Date());
    await store.close();
    let kills = 0;
    for (let round = 0; round < ROUNDS; round++) {
      kills += await writeAmidKills(cluster, round);

      store = await reopen();
      const { resources, findings } = targetOf(round);
      const rows = await liveResources(store, cluster);
      expect(rows.map(({ name, digest }) => `${name} ${digest}`).sort()).toEqual(
        resources.map(({ name, digest }) => `${name} ${digest}`).sort(),
      );
      const found = await liveFindings(store, cluster);
      expect(found.map(({ fingerprint, digest }) => `${fingerprint} ${digest}`).sort()).toEqual(
        findings.map(({ fingerprint, digest }) => `${fingerprint} ${digest}`).sort(),
      );
      // Sums are those of the findings, and no object or finding is there twice at any moment.
      const request = { query: EVERY_RECORD, limit: 500, now: new Date() };
      expect(await groupFindings(store, ALL, 'control', request)).toEqual(
        await groupFindings(store, ALL, 'control', { ...request, asOf: new Date() }),
      );
      for (const [table, key] of [
        ['resource', 'kind, namespace, name'],
        ['finding', 'fingerprint'],
      ]) {
        const { rows: overlaps } = await store.pool.query(
          `select * from (
             select *, lead(valid_from) over (partition by ${key} order by valid_from) as next from (
               select ${key}, valid_from, 'infinity'::timestamptz as valid_to from ${table}
               union all select ${key}, valid_from, valid_to from ${table}_past) t) t
           where valid_to > next or valid_from >= valid_to limit 1`,
        );
        expect(overlaps).toEqual([]);
      }
      await store.close();
    }
    expect(kills).toBeGreaterThan(ROUNDS);
  }, 600_000);
});
