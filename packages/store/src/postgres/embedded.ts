import { randomBytes } from 'node:crypto';
import { mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, Secret } from '@bulwark/core';
import { unpackBinaries } from './binaries.ts';
import { initialise } from './initialise.ts';
import { stopLeftOver } from './left-over.ts';
import { takeLock } from './lock.ts';
import type { Place } from './place.ts';
import { serverAddress } from './running.ts';
import { startServer } from './server-process.ts';
import { serverUser } from './server-user.ts';

export interface EmbeddedOptions {
  /** Holds the programs, the data, the password and the log. */
  readonly folder: string;
  /** The npm package with the programs; for tests with other versions. */
  readonly platform?: string;
  /** How many connections it takes at most; never less than 40. */
  readonly connections?: number;
}

const FEWEST = 40;

/** A running server. Its address holds the password. */
export interface EmbeddedServer {
  readonly url: Secret<string>;
  readonly version: string;
  /** Of the process that runs now: one that dies is started again. */
  readonly pid: number;
  /** Whether there was no data for this version of PostgreSQL before. */
  readonly isNew: boolean;
  /** Resolves where another hub took the folder; then the server has been ended. */
  readonly lost: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL from its npm package on the loopback address and a free port, with a password of its own. A server
 * that a killed hub left behind is stopped first; a folder that a living hub uses is refused.
 *
 * @throws AppError `conflict` for such a folder, for one whose path PostgreSQL does not take, and where it does not start.
 */
export async function startEmbedded({
  folder: written,
  platform,
  connections = 0,
}: EmbeddedOptions): Promise<EmbeddedServer> {
  const user = await serverUser();
  await makeFolder(written);
  const folder = await realpath(written);
  mustSuitShell(folder);
  const lock = await takeLock(join(folder, 'lock'));
  try {
    const binaries = await unpackBinaries(folder, platform);
    const password = await passwordIn(folder);
    const major = Number.parseInt(binaries.version, 10);
    const data = join(folder, `data-${major}`);
    const place: Place = { folder, data, binaries, major, user, connections: Math.max(FEWEST, connections) };
    const isNew = !(await isThere(place.data));
    if (isNew) await initialise(place, password);
    else await stopLeftOver(place.data);
    const addressOf = (port: number): string => serverAddress(password, port);
    const server = await startServer(place, addressOf);
    void lock.lost.then(() => server.kill());
    return {
      url: new Secret(addressOf(server.port)),
      version: binaries.version,
      get pid() {
        return server.pid();
      },
      isNew,
      lost: lock.lost,
      stop: async () => {
        await server.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Its programs call each other through a shell, with their paths between `"`. */
function mustSuitShell(folder: string): void {
  if (/["$`\\\n\r]/.test(folder))
    throw new AppError('conflict', {
      detail: `The path of the folder of the database, ${JSON.stringify(folder)}, has a character that PostgreSQL does not take there: one of " $ \` \\ or a line break.`,
    });
}

async function passwordIn(folder: string): Promise<string> {
  const file = join(folder, 'password');
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined && known !== '') return known;
  const password = randomBytes(24).toString('base64url');
  await writeFile(file, password, { mode: 0o600 });
  return password;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** As mkdir with `recursive`, which never ends where a file system lets nobody make folders and says that there is none (proc). */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o755 });
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT') throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder, { mode: 0o755 });
  }
}
