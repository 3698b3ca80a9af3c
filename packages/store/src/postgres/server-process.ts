import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, stat, truncate } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@bulwark/core';
import pg from 'pg';
import type { Place } from './place.ts';

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 12_000;
/** Of the time that a pod has to end, half a minute, the rest is the hub's. */
const KILL_AFTER_MS = 18_000;
const AGAIN_MS = 500;
/** How often a server that ends at once is started again: one that was killed may hold its memory a moment longer. */
const TRIES = 10;
const LARGEST_LOG = 10_000_000;
/** What a server answers that cannot be used yet, and to a wrong password (PostgreSQL, appendix A). */
const STARTING_UP = '57P03';
const WRONG_PASSWORD = '28P01';
/** In the time that these take, a server that cannot have its port has ended. */
const MOST_REFUSALS = 100;

/** For a database beside its only user on a small machine; durability is PostgreSQL's own. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '64MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  // A page that is not among these buffers costs a call of the system, cached there or not: whoever reads half of a table in the
  // order of an index makes one for nearly every row, where one pass over the table makes one for a hundred.
  effective_cache_size: '96MB',
  // Of disks without heads.
  random_page_cost: '1.1',
  max_wal_size: '512MB',
  min_wal_size: '64MB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  max_parallel_workers_per_gather: '0',
  max_wal_senders: '0',
  wal_level: 'minimal',
  jit: 'off',
  huge_pages: 'off',
  autovacuum_max_workers: '2',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  timezone: 'UTC',
};

/** Since 18 a server reads through processes of its own, unless it is told to do without. */
function settingsOf({ major, connections }: Place, port: number): string[] {
  const settings = {
    ...SETTINGS,
    ...(major >= 18 && { io_method: 'sync' }),
    max_connections: String(connections),
    port: String(port),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** A server that runs until it is told to stop: whenever it ends by itself, it is started again at the same address. */
export interface ServerProcess {
  readonly port: number;
  /** Of the process that runs now. */
  pid(): number;
  stop(): Promise<void>;
  /** Ends it for good at once: it tidies nothing up, as what lies there is another one's. */
  kill(): void;
}

/**
 * Starts a server and waits until it answers.
 *
 * @param addressOf the address with a password, for a port.
 * @throws AppError `conflict` where it does not, with what it said last.
 */
export async function startServer(place: Place, addressOf: (port: number) => string): Promise<ServerProcess> {
  for (let tries = 1; ; tries++) {
    const port = await freePort();
    const child = await launch(place, port);
    if (await isReady(child, addressOf(port))) return keepUp(place, child, port);
    if (tries === TRIES) throw new AppError('conflict', { detail: await whyNotStarted(logOf(place)) });
    await sleep(AGAIN_MS);
  }
}

function logOf({ folder }: Place): string {
  return join(folder, 'postgres.log');
}

/** Lines that tell nothing of why a server ended: what is worth knowing besides, and answers to whoever asked too early. */
const BESIDE = /^\s*$|(?:LOG|HINT|DETAIL|CONTEXT): |the database system is /;

async function whyNotStarted(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '');
  const last = text.split('\n').findLast((line) => !BESIDE.test(line)) ?? '';
  const said = last.trim().replace(/^.*?(?=(?:FATAL|PANIC): )/, '');
  return `The database did not start${said === '' ? '' : `, and said last: ${said}`}; ${log} says more.`;
}

function keepUp(place: Place, first: ChildProcess, port: number): ServerProcess {
  let child = first;
  let isStopping = false;
  let again: Promise<void> = Promise.resolve();
  const watch = (): void => {
    child.once('exit', () => {
      if (!isStopping) again = restart();
    });
  };
  const restart = async (): Promise<void> => {
    await sleep(AGAIN_MS);
    if (isStopping) return;
    child = await launch(place, port);
    watch();
  };
  watch();
  return {
    port,
    pid: () => child.pid ?? 0,
    stop: async () => {
      isStopping = true;
      await again;
      await stop(child);
    },
    kill: () => {
      isStopping = true;
      void again.then(() => child.kill('SIGKILL'));
    },
  };
}

async function launch(place: Place, port: number): Promise<ChildProcess> {
  const { data, binaries, user } = place;
  const file = logOf(place);
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LARGEST_LOG) await truncate(file);
  const log = await open(file, 'a', 0o600);
  // A group of its own, so that Ctrl-C in the terminal reaches the hub alone, which then stops the database in order.
  const child = spawn(binaries.postgres, ['-D', data, ...settingsOf(place, port)], {
    ...user,
    env: {},
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  // Programs that cannot be run end as servers that fail do.
  child.on('error', () => child.emit('exit', 1, null));
  await log.close();
  return child;
}

/**
 * Waits until a server answers, for as long as it says that it recovers: begun anew, that would take as long again. False where
 * it ends before, or says nothing.
 *
 * @throws AppError `conflict` where it does not know the password.
 */
async function isReady(child: ChildProcess, connectionString: string): Promise<boolean> {
  let hasEnded = child.exitCode !== null || child.signalCode !== null;
  child.once('exit', () => {
    hasEnded = true;
  });
  let until = Date.now() + READY_WITHIN_MS;
  let refusals = 0;
  while (Date.now() < until && !hasEnded) {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch (error) {
      await client.end().catch(() => undefined);
      const { code } = error as { code?: string };
      if (code === STARTING_UP) until = Date.now() + READY_WITHIN_MS;
      // The first may be those of another server that was faster to take the port; then this one ends.
      if (code === WRONG_PASSWORD && ++refusals === MOST_REFUSALS) {
        child.kill('SIGQUIT');
        throw new AppError('conflict', {
          detail:
            'The data of the database has another password than the file beside it: put back the file that belongs to it, or a backup into another folder.',
        });
      }
      await sleep(20);
    }
  }
  if (!hasEnded) child.kill('SIGQUIT');
  return false;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGINT');
  // What does not even hear the second is held by somebody; its log brings the data in order at the next start.
  const timers = [
    setTimeout(() => child.kill('SIGQUIT'), STOP_WITHIN_MS),
    setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS),
  ];
  await ended;
  for (const timer of timers) clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
