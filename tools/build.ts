import { createHash } from 'node:crypto';
import {
  chmodSync,
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

const DIST = 'dist';
const STAMP = join(DIST, '.inputs');
const KIBIBYTE = 1024;

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
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
    join('tools', 'build.ts'),
  ])
    hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

/** Builds the product unless it was built from these very sources. */
export async function buildIfStale(): Promise<void> {
  const isFresh = existsSync(STAMP) && readFileSync(STAMP, 'utf8') === inputsDigest();
  if (!isFresh) await buildProduct({ report: false });
}

/** Bundles the command into `dist/`: an entry, chunks that commands load when they run, and the licences of what is in it. */
export async function buildProduct({ report }: { readonly report: boolean }): Promise<void> {
  const digest = inputsDigest();
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
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
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    define: { BULWARK_VERSION: JSON.stringify(version) },
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
  writeFileSync(join(DIST, 'THIRD-PARTY.txt'), licences(Object.keys(metafile.inputs)));
  writeFileSync(
    join(DIST, 'package.json'),
    `${JSON.stringify({ name: 'bulwark', version, type: 'module' })}\n`,
  );
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
