import { symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const SOURCES = dirname(fileURLToPath(import.meta.url));
const PACKAGES = join(SOURCES, '..', '..');

/**
 * Builds a program for a process of its own, into a folder of a test, whose end takes it away. What it imports is found from the
 * sources of this package, and packages are found as in the checkout.
 *
 * @returns where it is.
 */
export async function buildProgram(folder: string, contents: string): Promise<string> {
  const outfile = join(folder, 'program', 'program.mjs');
  await build({
    stdin: { contents, resolveDir: SOURCES, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { '@bulwark/core': join(PACKAGES, 'core', 'src', 'index.ts') },
  });
  symlinkSync(join(PACKAGES, '..', 'node_modules'), join(folder, 'program', 'node_modules'));
  return outfile;
}
