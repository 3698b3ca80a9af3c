import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Store } from '@bulwark/store';
import { ExitCode, UsageError } from '../exit.ts';
import type { BackupFlags, HubFlags } from '../flags.ts';
import { hubSettings } from '../hub-settings/told.ts';
import type { Io } from '../io.ts';
import { asUsageError, openDatabase } from './hub-database.ts';
import { withStore } from './hub-store.ts';
import { codeOf, isOfFiles } from './whole-file.ts';

/**
 * `bulwark hub backup`: of a hub that runs, by asking the server that it uses, or of one that does not. A demonstration is saved
 * only where its own folder is named.
 */
export async function runHubBackup(file: string, flags: BackupFlags, io: Io): Promise<number> {
  const { backup } = await import('@bulwark/store');
  const isForced = flags.force === true;
  if (!isForced && existsSync(resolve(io.cwd, file)))
    throw new UsageError(`there is a file ${file} already; --force replaces it`);
  const save = async (store: Store): Promise<void> => {
    await backup(store, resolve(io.cwd, file), { now: new Date(), isForced }).catch((error: unknown) => {
      const code = codeOf(error);
      throw isOfFiles(code) ? new UsageError(`${file} cannot be written (${code})`) : error;
    });
    io.write(`Written to ${file}\n`);
  };
  // A demonstration that runs beside what is stopped must not be taken for it.
  return withStore(flags, io, save, 'real');
}

/** What PostgreSQL says of a database or schema that is not there or not for this user (Appendix A). */
const REFUSED: ReadonlySet<string> = new Set(['3D000', '3F000', '42501']);

/** `bulwark hub restore`: into an empty database. */
export async function runHubRestore(file: string, flags: HubFlags, io: Io): Promise<number> {
  const { isAway, restore, whyNotOpened } = await import('@bulwark/store');
  if (!existsSync(resolve(io.cwd, file))) throw new UsageError(`there is no file ${file}`);
  const { settings } = await hubSettings(flags, io);
  const database = await openDatabase(settings, io, 'empty');
  try {
    await restore(database.url, resolve(io.cwd, file));
    io.write(`Restored from ${file}\n`);
    return ExitCode.ok;
  } catch (error) {
    throw isAway(error) || REFUSED.has(codeOf(error))
      ? new UsageError(whyNotOpened(error, database.url))
      : asUsageError(error);
  } finally {
    await database.stop();
  }
}
