import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { UsageError } from '../exit.ts';
import type { Io } from '../io.ts';
import { isFile } from '../source/text-file.ts';
import { type Configuration, WITHOUT_CONFIGURATION } from './configuration.ts';

/** The names under which a configuration is looked for, the first that exists. */
export const CONFIGURATION_FILES = ['bulwark.yaml', 'bulwark.yml', '.bulwark.yaml'];

/** How a command was told about the configuration: a file, none at all, or to look for it. */
export type ConfigFlag = string | false | undefined;

/** The file of the configuration: in the working directory, else in the nearest folder around it in its Git work tree. */
export function findConfiguration(cwd: string): string | undefined {
  for (let directory = resolve(cwd); ; directory = dirname(directory)) {
    const found = CONFIGURATION_FILES.map((name) => join(directory, name)).find(isFile);
    if (found !== undefined) return found;
    if (existsSync(join(directory, '.git')) || dirname(directory) === directory) return undefined;
  }
}

/**
 * The configuration that holds for a command.
 *
 * @throws UsageError with every fault of the file and its place.
 */
export async function configurationFor(flag: ConfigFlag, cwd: string): Promise<Configuration> {
  if (flag === false) return WITHOUT_CONFIGURATION;
  const file = flag === undefined ? findConfiguration(cwd) : resolve(cwd, flag);
  if (file === undefined) return WITHOUT_CONFIGURATION;
  if (flag !== undefined && !isFile(file)) throw new UsageError(`--config: there is no file ${flag}`);
  // Loaded on demand: most scans have no configuration, and the schema library takes time to start.
  const { readConfiguration } = await import('./read.ts');
  return readConfiguration(file, flag ?? (relative(cwd, file) || file));
}

/**
 * The same for commands that only show what there is: they help to mend a configuration, so one that was merely found and
 * has faults is left out.
 *
 * @throws UsageError with every fault of a file that was named.
 */
export async function configurationToShow(
  flag: ConfigFlag,
  io: Pick<Io, 'cwd' | 'writeError'>,
): Promise<Configuration> {
  try {
    return await configurationFor(flag, io.cwd);
  } catch (error) {
    if (!(error instanceof UsageError) || typeof flag === 'string') throw error;
    io.writeError('The configuration has faults and is left out here; bulwark scan says which.\n');
    return WITHOUT_CONFIGURATION;
  }
}
