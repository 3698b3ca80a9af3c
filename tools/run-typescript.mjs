import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const CACHE = resolve('node_modules', '.cache', 'bulwark-tools');

/** Bundles a TypeScript file of the workspace (Node 20 strips no types) and imports it. */
export async function runTypeScript(file) {
  mkdirSync(CACHE, { recursive: true });
  const outfile = join(CACHE, `${basename(file, '.ts')}.mjs`);
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
    // Workspace packages are bundled from source; everything else is taken from node_modules.
    plugins: [
      {
        name: 'externals',
        setup(builder) {
          builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === 'entry-point' || path.startsWith('@bulwark/') ? undefined : { path, external: true },
          );
        },
      },
    ],
  });
  return import(`${pathToFileURL(outfile).href}?at=${Date.now()}`);
}
