import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a program ended. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with which environment a program runs. */
export interface Surroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program with an environment of its own: the path, and what is given. Other settings of whoever runs the tests,
 * such as a registry or a cache of npm, stay out.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env }: Surroundings,
): Promise<Ended> {
  const whole = { PATH: process.env['PATH'] ?? '', HOME: cwd, npm_config_update_notifier: 'false', ...env };
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env: whole, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ status, stdout, stderr });
    });
  });
}

/** Whether a program is on the path and starts. */
export async function isInstalled(program: string): Promise<boolean> {
  return (await runProgram(program, ['--version'], { cwd: '/' })).status === 0;
}

/** The npm package of the product. */
export interface Packed {
  readonly version: string;
  /** The tarball. */
  readonly file: string;
  /** What is in it, in order. */
  readonly files: readonly string[];
  /** The folder that holds the tarball, where tests may put more. */
  readonly folder: string;
  readonly remove: () => void;
}

/** Packs `dist` as a release does. */
export async function packProduct(): Promise<Packed> {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-package-'));
  cpSync('dist', join(folder, 'dist'), { recursive: true });
  const { stdout, stderr } = await runProgram('npm', ['pack', './dist', '--json'], { cwd: folder });
  const [made] = stdout === '' ? [] : (JSON.parse(stdout) as NpmPack[]);
  if (made === undefined) throw new Error(`npm pack failed: ${stderr}`);
  const { version, filename, files } = made;
  return {
    version,
    file: join(folder, filename),
    files: files.map(({ path }) => path).sort(),
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

interface NpmPack {
  readonly version: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** A registry of npm that has one package. */
export interface Registry {
  readonly url: string;
  readonly close: () => void;
}

/** Serves a package as a registry does, on this machine only, so that tests need no other. */
export async function serveRegistry({ version, file }: Packed): Promise<Registry> {
  const server = createServer(({ url = '' }, response) => {
    if (url === '/bulwark.tgz') return response.end(readFileSync(file));
    if (url !== '/bulwark') return response.writeHead(404).end();
    const { port } = server.address() as AddressInfo;
    const manifest = JSON.parse(readFileSync(join('dist', 'package.json'), 'utf8')) as object;
    const versions = {
      [version]: { ...manifest, dist: { tarball: `http://127.0.0.1:${port}/bulwark.tgz` } },
    };
    return response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ name: 'bulwark', 'dist-tags': { latest: version }, versions }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
