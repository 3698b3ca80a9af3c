import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Secret } from '@bulwark/core';
import { ExitCode, UsageError } from '../exit.ts';
import type { HubFlags } from '../flags.ts';
import { hubSettings } from '../hub-settings/told.ts';
import type { Io } from '../io.ts';
import { asUsageError, openDatabase } from './hub-database.ts';
import { withStore } from './hub-store.ts';

/** `bulwark hub backup`: of a hub that was started before, running or not; where there is none, nothing is written. */
export async function runHubBackup(file: string, flags: HubFlags, io: Io): Promise<number> {
  const { backup } = await import('@bulwark/store');
  return withStore(flags, io, async (store) => {
    await backup(store, resolve(io.cwd, file), new Date());
    io.write(`Written to ${file}\n`);
  });
}

/** `bulwark hub restore`: into an empty database. */
export async function runHubRestore(file: string, flags: HubFlags, io: Io): Promise<number> {
  const { restore } = await import('@bulwark/store');
  if (!existsSync(resolve(io.cwd, file))) throw new UsageError(`there is no file ${file}`);
  return withDatabase(flags, io, async (url) => {
    await restore(url, resolve(io.cwd, file));
    io.write(`Restored from ${file}\n`);
  });
}

async function withDatabase(
  flags: HubFlags,
  io: Io,
  act: (url: Secret<string>) => Promise<void>,
): Promise<number> {
  const { settings } = await hubSettings(flags, io);
  const database = await openDatabase(settings, io, 'empty');
  try {
    await act(database.url);
    return ExitCode.ok;
  } catch (error) {
    throw asUsageError(error);
  } finally {
    await database.stop();
  }
}
