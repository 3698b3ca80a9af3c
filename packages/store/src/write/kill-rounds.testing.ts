import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { EVERY_RECORD } from '@bulwark/core';
import { expect } from 'vitest';
import { type EmbeddedServer, startEmbedded } from '../postgres/embedded.ts';
import { buildProgram } from '../program.testing.ts';
import { groupFindings } from '../read/finding-groups.ts';
import { liveFindings, liveResources } from '../read/live.ts';
import { scopeOf } from '../scope.ts';
import { serverFolder } from '../server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { registerCluster } from './clusters.ts';
import { BATCHES, targetOf, WRITTEN } from './killed-writer.testing.ts';

const WRITER = `import { writeRound } from './write/killed-writer.testing.ts';
await writeRound(process.argv[2], Number(process.argv[3]), Number(process.argv[4]));`;
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });

/** How often everything is written anew, and how often something is killed each time. */
export interface KillPlan {
  readonly rounds: number;
  readonly kills: number;
}

/** Writes into a database of its own while writer and server are killed, and expects what an undisturbed writer leaves. */
export async function expectToSurvive({ rounds, kills }: KillPlan): Promise<void> {
  const folder = serverFolder('kill');
  const server = await startEmbedded({ folder });
  try {
    const program = await buildProgram(folder, WRITER);
    const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
    const cluster = await withStore(server, (store) => registerCluster(store, identity, new Date()));
    for (let round = 0; round < rounds; round++) {
      const start = () => startWriter([program, server.url.reveal(), String(cluster), String(round)]);
      await writeAmidKills(server, start, kills);
      await withStore(server, async (store) => {
        await expectTarget(store, cluster, round);
        await expectRightSums(store);
        await expectNoOverlap(store);
      });
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Writer {
  /** Waits until it has written some batches, or has ended. */
  readonly written: (batches: number) => Promise<void>;
  readonly kill: () => void;
  /** Its exit code, null where it was killed. */
  readonly end: Promise<number | null>;
}

function startWriter(args: readonly string[]): Writer {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let count = 0;
  const heard = new EventEmitter();
  child.stdout.on('data', (said: Buffer) => {
    count += said.toString().split(WRITTEN).length - 1;
    heard.emit('more');
  });
  let hasEnded = false;
  const end = new Promise<number | null>((resolve) => child.once('close', resolve)).finally(() => {
    hasEnded = true;
    heard.emit('more');
  });
  return {
    written: async (batches) => {
      while (count < batches && !hasEnded) await once(heard, 'more');
    },
    kill: () => child.kill('SIGKILL'),
    end,
  };
}

/**
 * Runs the writer until it has written everything, and kills it, the server or both meanwhile: after some batches and some
 * milliseconds more, so that it is mostly amid one.
 */
async function writeAmidKills(server: EmbeddedServer, start: () => Writer, kills: number): Promise<void> {
  for (let killed = 0; ; ) {
    const writer = start();
    if (killed < kills) {
      await writer.written(Math.floor(Math.random() * BATCHES));
      await sleep(Math.random() * 30);
      // The writer, the server under it, or both.
      if (killed % 3 !== 0) killServer(server);
      if (killed % 3 !== 1) writer.kill();
      killed++;
    }
    const code = await writer.end;
    if (code === 0 && killed === kills) return;
    if (code !== 0 && code !== null) throw new Error(`the writer failed with ${code}`);
  }
}

function killServer({ pid }: EmbeddedServer): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is just being started again.
  }
}

/** Opens the database as soon as it answers. */
async function withStore<T>({ url }: EmbeddedServer, act: (store: Store) => Promise<T>): Promise<T> {
  let store: Store | undefined;
  for (let tries = 0; store === undefined; tries++)
    try {
      store = await openStore({ url, now: new Date() });
    } catch (error) {
      if (tries === 300) throw error;
      await sleep(100);
    }
  try {
    return await act(store);
  } finally {
    await store.close();
  }
}

async function expectTarget(store: Store, cluster: number, round: number): Promise<void> {
  const { resources, findings } = targetOf(round);
  const named = (list: readonly { name: string; digest: string }[]) =>
    list.map(({ name, digest }) => `${name} ${digest}`).sort();
  expect(named(await liveResources(store, cluster))).toEqual(named(resources));
  const told = (list: readonly { fingerprint: string; digest: string }[]) =>
    list.map(({ fingerprint, digest }) => `${fingerprint} ${digest}`).sort();
  expect(told(await liveFindings(store, cluster))).toEqual(told(findings));
}

/** What is kept as sums is what the findings add up to. */
async function expectRightSums(store: Store): Promise<void> {
  const request = { query: EVERY_RECORD, now: new Date() };
  for (const by of ['control', 'workload'] as const)
    expect(await groupFindings(store, ALL, by, request)).toEqual(
      await groupFindings(store, ALL, by, { ...request, asOf: new Date() }),
    );
}

/** No object and no finding is there twice at any moment. */
async function expectNoOverlap({ pool }: Store): Promise<void> {
  for (const [table, key] of [
    ['resource', 'kind, namespace, name'],
    ['finding', 'fingerprint'],
  ]) {
    const { rows } = await pool.query(
      `select * from (
         select *, lead(valid_from) over (partition by ${key} order by valid_from) as next from (
           select ${key}, valid_from, 'infinity'::timestamptz as valid_to from ${table}
           union all select ${key}, valid_from, valid_to from ${table}_past) t) t
       where valid_to > next or valid_from >= valid_to limit 1`,
    );
    expect(rows).toEqual([]);
  }
}
