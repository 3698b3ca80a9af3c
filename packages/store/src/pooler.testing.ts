import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@bulwark/core';
import pg from 'pg';
import { serverUser } from './postgres/server-user.ts';

/** Whether PgBouncer is installed; without it a test says so and skips. */
export const hasPooler = spawnSync('pgbouncer', ['--version']).status === 0;

/** How a pooler gives its sessions away, as PgBouncer names it. */
export type PoolMode = 'session' | 'transaction' | 'statement';

/** PgBouncer before a server. */
export interface Pooler {
  /** A database of the server, by way of the pooler. */
  readonly url: Secret<string>;
  /** Gives sessions away in another way from now on. */
  readonly setMode: (mode: PoolMode) => void;
  stop(): Promise<void>;
}

export interface PoolerOptions {
  /** The database behind it. */
  readonly database: Secret<string>;
  readonly mode: PoolMode;
  /** Further settings, by their names in its file. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** Starts PgBouncer on a free port, with what it is set to unless told. */
export async function startPooler({ database, mode, settings = {} }: PoolerOptions): Promise<Pooler> {
  const behind = new URL(database.reveal());
  const name = behind.pathname.slice(1);
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-pooler-'));
  const file = join(folder, 'pgbouncer.ini');
  const user = await serverUser();
  const port = await freePort();
  const configure = (poolMode: PoolMode): void => {
    const own = {
      listen_addr: '127.0.0.1',
      listen_port: port,
      unix_socket_dir: '',
      auth_type: 'any',
      pool_mode: poolMode,
      ...settings,
    };
    const lines = Object.entries(own).map(([key, value]) => `${key} = ${value}`);
    const place = `host=${behind.hostname} port=${behind.port} dbname=${name} user=${behind.username} password=${behind.password}`;
    writeFileSync(file, `[databases]\n${name} = ${place}\n[pgbouncer]\n${lines.join('\n')}\n`, {
      mode: 0o600,
    });
    if (user !== undefined) for (const path of [folder, file]) chownSync(path, user.uid, user.gid);
  };
  chmodSync(folder, 0o700);
  configure(mode);
  const child = spawn('pgbouncer', ['-q', file], { ...user, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const url = `postgres://${behind.username}@127.0.0.1:${port}/${name}`;
  await answers(url, () => child.exitCode === null);
  return {
    url: new Secret(url),
    setMode: (next) => {
      configure(next);
      child.kill('SIGHUP');
    },
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for the first answer. */
async function answers(url: string, isRunning: () => boolean): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      return;
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (!isRunning() || code !== 'ECONNREFUSED') throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
