import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '@bulwark/core';
import pg from 'pg';
import { type Binaries, unpackBinaries } from './binaries.ts';
import { isAlive, takeLock } from './lock.ts';
import { type ServerUser, serverUser } from './server-user.ts';

export interface EmbeddedOptions {
  /** Holds the programs, the data, the password and the log. */
  readonly folder: string;
  /** The npm package with the programs; for tests with other versions. */
  readonly platform?: string;
}

/** A running server. Its address holds the password. */
export interface EmbeddedServer {
  readonly url: Secret<string>;
  readonly version: string;
  readonly pid: number;
  /** Whether there was no data for this version of PostgreSQL before. */
  readonly isNew: boolean;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 20_000;
const AGAIN_MS = 500;

/** For a database beside its only user on a small machine; durability is PostgreSQL's own. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '40',
  shared_buffers: '64MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
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
  timezone: 'UTC',
};

/**
 * Starts PostgreSQL from its npm package on the loopback address and a free port, with a password of its own. A server
 * that a killed hub left behind is stopped first; a folder that a living hub uses is refused.
 */
export async function startEmbedded({ folder, platform }: EmbeddedOptions): Promise<EmbeddedServer> {
  const user = await serverUser();
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const lock = await takeLock(join(folder, 'hub.pid'));
  try {
    const binaries = await unpackBinaries(folder, platform);
    const password = await passwordIn(folder);
    const data = join(folder, `data-${binaries.version.split('.')[0] ?? ''}`);
    const place = { folder, data, binaries, user };
    const isNew = !(await isThere(data));
    if (isNew) await initialise(place, password);
    else await stopLeftOver(data);
    const server = await start(place, password);
    const kept = keepUp(place, server);
    return {
      url: server.url,
      version: binaries.version,
      pid: server.child.pid ?? 0,
      isNew,
      stop: async () => {
        await kept.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

interface Place {
  readonly folder: string;
  readonly data: string;
  readonly binaries: Binaries;
  readonly user: ServerUser | undefined;
}

async function passwordIn(folder: string): Promise<string> {
  const file = join(folder, 'password');
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined && known !== '') return known;
  const password = randomBytes(24).toString('base64url');
  await writeFile(file, password, { mode: 0o600 });
  return password;
}

async function initialise({ data, binaries, user }: Place, password: string): Promise<void> {
  const unfinished = `${data}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  if (user !== undefined) await chown(unfinished, user.uid, user.gid);
  // A file, as initdb takes the password from nothing else that a process can be given (a pipe of Node is a socket).
  const passwordFile = `${unfinished}.password`;
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  if (user !== undefined) await chown(passwordFile, user.uid, user.gid);
  const args = [
    '-D',
    unfinished,
    '-U',
    'bulwark',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
  ];
  const child = spawn(binaries.initdb, args, { ...user, env: {}, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  child.stderr.on('data', (part: Buffer) => said.push(part));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  await rm(passwordFile, { force: true });
  if (status !== 0)
    throw new Error(`the database could not be made: ${Buffer.concat(said).toString('utf8').trim()}`);
  await rename(unfinished, data);
}

/** Stops what a hub that was killed left running on this data. */
async function stopLeftOver(data: string): Promise<void> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  if (!(pid > 1) || !isAlive(pid) || !(await isPostgres(pid))) return;
  process.kill(pid, 'SIGINT');
  for (let waited = 0; waited < STOP_WITHIN_MS && isAlive(pid); waited += 50) await sleep(50);
  if (isAlive(pid)) process.kill(pid, 'SIGQUIT');
  for (let waited = 0; waited < STOP_WITHIN_MS && isAlive(pid); waited += 50) await sleep(50);
}

/** Numbers of processes are used again; only a database server may be stopped. */
async function isPostgres(pid: number): Promise<boolean> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'postgres');
  return line.includes('postgres');
}

async function start(place: Place, password: string) {
  const port = await freePort();
  const child = await launch(place, port);
  const address = `postgres://bulwark:${password}@127.0.0.1:${port}/postgres`;
  await ready(child, address, place.folder);
  return { child, port, url: new Secret(address) };
}

interface Launched {
  readonly child: ChildProcess;
  readonly port: number;
}

/** Starts the server again, at the same address, whenever it ends without being asked to. */
function keepUp(place: Place, { child: first, port }: Launched): { stop(): Promise<void> } {
  let child = first;
  let isStopping = false;
  let again: Promise<void> = Promise.resolve();
  const restart = async (): Promise<void> => {
    await sleep(AGAIN_MS);
    if (isStopping) return;
    child = await launch(place, port);
    watch();
  };
  const watch = (): void => {
    child.once('exit', () => {
      if (!isStopping) again = restart();
    });
  };
  watch();
  return {
    stop: async () => {
      isStopping = true;
      await again;
      await stop(child);
    },
  };
}

async function launch({ folder, data, binaries, user }: Place, port: number): Promise<ChildProcess> {
  const log = await open(join(folder, 'postgres.log'), 'a', 0o600);
  const settings = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  // A group of its own, so that Ctrl-C in the terminal reaches the hub alone, which then stops the database in order.
  const child = spawn(binaries.postgres, ['-D', data, ...settings], {
    ...user,
    env: {},
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  return child;
}

async function ready(child: ChildProcess, connectionString: string, folder: string): Promise<void> {
  let hasEnded = false;
  child.once('exit', () => {
    hasEnded = true;
  });
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until) {
    if (hasEnded) throw new Error(`the database did not start; ${join(folder, 'postgres.log')} says why`);
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await client.end().catch(() => undefined);
      await sleep(20);
    }
  }
  child.kill('SIGQUIT');
  throw new Error('the database did not answer in time');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(timer);
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

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
