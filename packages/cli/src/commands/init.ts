import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CONFIGURATION_FILES, findConfiguration } from '../config/find.ts';
import { configurationTemplate } from '../config/template.ts';
import { ExitCode, UsageError } from '../exit.ts';
import type { InitFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { writeWhole } from './whole-file.ts';

const FILE = 'bulwark.yaml';

/**
 * `bulwark init`: writes a configuration into the working directory.
 *
 * @throws UsageError when there is one, under any of its names, and it is not to be replaced.
 */
export async function runInit({ force = false }: InitFlags, io: Io): Promise<number> {
  const present = CONFIGURATION_FILES.filter((name) => existsSync(join(io.cwd, name)));
  // The others would stay beside the new one, read or not by the order of names: nobody means that.
  const other = present.find((name) => name !== FILE);
  if (other !== undefined) throw new UsageError(`init: there is a ${other} here already; remove it first`);
  if (present.length > 0 && !force)
    throw new UsageError(`init: there is a ${FILE} here already; --force replaces it`);
  const around = present.length === 0 ? findConfiguration(io.cwd) : undefined;
  writeWhole(join(io.cwd, FILE), [configurationTemplate(io.today)], 'init');
  io.write(`Wrote ${FILE}. It changes nothing yet: edit it, then run bulwark scan.\n`);
  if (around !== undefined)
    io.write(`It is read here instead of ${relative(io.cwd, around)}, which held until now.\n`);
  return ExitCode.ok;
}
