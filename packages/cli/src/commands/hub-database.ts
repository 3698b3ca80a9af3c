import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AppError, type Secret } from '@bulwark/core';
import type { EmbeddedServer } from '@bulwark/store';
import { UsageError } from '../exit.ts';
import type { HubSettings } from '../hub-settings/settings.ts';
import type { Io } from '../io.ts';
import { codeOf, isOfFiles } from './whole-file.ts';

const ROOT_FOLDER = '/var/lib/bulwark';

/** Where what the hub knows is kept. */
export interface Database {
  readonly url: Secret<string>;
  /** The key of what the hub keeps secret in the database, and so beside it, not in it. */
  readonly keyFile: string;
  /** Where the hub's own database has its backups. */
  readonly backups?: string;
  /** Resolves where another hub took the hub's own database, which ends then. */
  readonly lost: Promise<void>;
  stop(): Promise<void>;
}

/** What a new database of the hub's own begins with. */
export type Beginning = 'from the last backup' | 'empty' | 'for a demonstration';

/**
 * The database that was given, else one of our own. One for a demonstration lies in a folder of its own: what is made up
 * must not stand beside what is real.
 *
 * @param clusters how many the hub watches.
 * @throws UsageError where it cannot be had.
 */
export async function openDatabase(
  settings: HubSettings,
  io: Io,
  beginning: Beginning,
  clusters = 1,
): Promise<Database> {
  const own = settings.dataDir ?? dataFolder(io);
  const folder = beginning === 'for a demonstration' ? join(own, 'demo') : own;
  const keyFile = settings.keyFile ?? join(folder, 'channels.key');
  if (settings.databaseUrl !== undefined)
    return {
      url: settings.databaseUrl,
      keyFile,
      lost: new Promise(() => undefined),
      stop: async () => undefined,
    };
  const { startEmbedded } = await import('@bulwark/store');
  const backups = join(folder, 'backups');
  // A hub takes up to twelve, and five more for each cluster; the rest is for what is asked beside it.
  const server = await startEmbedded({ folder, connections: 20 + 5 * clusters }).catch((error: unknown) => {
    throw asUsageError(error);
  });
  try {
    if (beginning === 'from the last backup') await fillFromLast(server, folder, io);
  } catch (error) {
    await server.stop();
    throw asUsageError(error);
  }
  return { url: server.url, keyFile, backups, lost: server.lost, stop: () => server.stop() };
}

/**
 * Fills an empty database from the last backup; one that was being filled when the hub was killed is empty, too.
 *
 * @throws UsageError where the backup cannot be put back, or only another version of PostgreSQL can read what is there: what
 * was known must not be lost in silence.
 */
async function fillFromLast({ url, version }: EmbeddedServer, folder: string, io: Io): Promise<void> {
  const { isEmptyDatabase, otherVersionsIn, restore } = await import('@bulwark/store');
  const { lastBackupIn } = await import('@bulwark/hub');
  if (!(await isEmptyDatabase(url))) return;
  const last = lastBackupIn(join(folder, 'backups'), new Date());
  const others = otherVersionsIn(folder, version);
  if (last === undefined && others.length === 0) return;
  if (last === undefined)
    throw new UsageError(
      `${folder} holds the data of PostgreSQL ${others.join(' and ')}, which ${version} cannot read, and there is no backup; make one with the version of Bulwark that wrote them (bulwark hub backup) and restore it here, or move them away to begin with nothing`,
    );
  await restore(url, last).catch((error: unknown) => {
    throw asUsageError(error, `${last} cannot be put back; move it away to begin with another one or none: `);
  });
  io.writeError(`The database is new; it was filled from ${last}.\n`);
}

/** Whether a hub of real clusters was started here before, with a database of its own. */
export async function isDatabaseKept(settings: HubSettings, io: Io): Promise<boolean> {
  const { hasEmbedded } = await import('@bulwark/store');
  return hasEmbedded(settings.dataDir ?? dataFolder(io));
}

/** Of which hub a database is wanted: of the one that is there, be it a demonstration, or of real clusters alone. */
export type Wanted = 'any' | 'real';

/**
 * The database of a hub that was started before, running or not; none is made.
 *
 * @throws UsageError where there is none, or it cannot be had.
 */
export async function openKeptDatabase(
  settings: HubSettings,
  io: Io,
  wanted: Wanted,
): Promise<Pick<Database, 'url' | 'stop'>> {
  const { databaseUrl } = settings;
  if (databaseUrl !== undefined) return { url: databaseUrl, stop: async () => undefined };
  const { hasEmbedded, runningEmbedded, startEmbedded } = await import('@bulwark/store');
  const own = settings.dataDir ?? dataFolder(io);
  const demo = join(own, 'demo');
  const folders = wanted === 'any' ? [own, demo] : [own];
  for (const folder of folders) {
    const url = await runningEmbedded(folder);
    if (url !== undefined) return { url, stop: async () => undefined };
  }
  const kept = folders.find(hasEmbedded);
  if (kept === undefined)
    throw new UsageError(
      wanted === 'real' && hasEmbedded(demo)
        ? `there is only a demonstration in ${own}, and nothing in it is real; --data-dir ${demo} takes it all the same`
        : `there is no database of a hub in ${own}; --data-dir says where it is, or --database-url its address`,
    );
  // As it stands in a file for its owner alone, whoever cannot read it is not meant to act for the hub.
  try {
    accessSync(join(kept, 'password'), constants.R_OK);
  } catch {
    throw new UsageError(`the password in ${kept} cannot be read; run this as the user who runs the hub`);
  }
  try {
    return await startEmbedded({ folder: kept });
  } catch (error) {
    throw asUsageError(error);
  }
}

/** What a user can do something about, as such an error; anything else as it is. */
export function asUsageError(error: unknown, before = ''): unknown {
  if (!(error instanceof AppError)) return ofFiles(error) ?? error;
  const { message, details } = error;
  return new UsageError(before + (typeof details['detail'] === 'string' ? details['detail'] : message));
}

/** A file or folder that this user cannot use; undefined for anything else. */
function ofFiles(error: unknown): UsageError | undefined {
  const { path } = error as { path?: unknown };
  const code = codeOf(error);
  if (typeof path !== 'string' || !isOfFiles(code)) return undefined;
  return new UsageError(`${path} cannot be used (${code}); --data-dir names another folder`);
}

/** Where a user's programs keep their data (XDG Base Directory 0.8); root's home can be read by no other user. */
function dataFolder({ env }: Io): string {
  if (process.getuid?.() === 0) return ROOT_FOLDER;
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'bulwark');
}
