import { spawn } from 'node:child_process';
import type { Secret } from '@bulwark/core';
import { type EmbeddedServer, startEmbedded } from './postgres/embedded.ts';
import { type Locale, makeDatabase, runIn, serverFolder } from './server.testing.ts';

export { type ReturningServer, startReturningServer } from './gone-back.testing.ts';

/** Databases for the tests of a file, in a server that other files use too. */
export interface TestDatabases {
  /** A new, empty database. */
  database(name: string, locale?: Locale): Promise<Secret<string>>;
  /** Drops what was made, whoever is connected to it. */
  drop(): Promise<void>;
}

/** Ends a server and removes its folder once the thread of the tests is gone, however it went: then its input ends. */
const GUARD =
  'cat >/dev/null; kill -QUIT "$1"; while kill -0 "$1" 2>/dev/null; do sleep 0.1; done; rm -rf "$2"';

const servers = new Map<string | undefined, Promise<EmbeddedServer>>();
let made = 0;

/** A server takes two seconds to start and stop, a database a few milliseconds: so the files of a thread share one of each version. */
async function startGuarded(platform: string | undefined): Promise<EmbeddedServer> {
  const folder = serverFolder('shared');
  const server = await startEmbedded({ folder, ...(platform !== undefined && { platform }) });
  spawn('sh', ['-c', GUARD, 'sh', `${server.pid}`, folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  }).unref();
  // What a test writes need outlive no machine.
  await runIn(server.url, 'alter system set fsync = off');
  await runIn(server.url, 'select pg_reload_conf()');
  return server;
}

/**
 * Databases for tests that need nothing of their server but these.
 *
 * @param platform the package of another version of PostgreSQL than the hub's own.
 */
export async function testDatabases(platform?: string): Promise<TestDatabases> {
  const starting = servers.get(platform) ?? startGuarded(platform);
  servers.set(platform, starting);
  const { url } = await starting;
  const names: string[] = [];
  return {
    database: (name, locale = 'C') => {
      const unique = `${name}_${made++}`;
      names.push(unique);
      return makeDatabase(url, unique, locale);
    },
    drop: async () => {
      for (const name of names.splice(0)) await runIn(url, `drop database if exists ${name} with (force)`);
    },
  };
}

/** The name of the database that an address leads to, which is another one than was asked for. */
export function databaseOf(url: Secret<string>): string {
  return new URL(url.reveal()).pathname.slice(1);
}
