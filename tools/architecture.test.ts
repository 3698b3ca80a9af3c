import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Room, readRooms } from './rooms.ts';

interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

interface Project {
  readonly compilerOptions: { readonly types: readonly string[] };
  readonly references: readonly { readonly path: string }[];
}

const PURE = ['core', 'analyses', 'controls', 'demo'];
const MOST_LINES = 400;
const SAYS_NOTHING = /(^|\/)(utils?|helpers?|common|misc)(\.|\/)/;
const packages = readdirSync('packages');
const rooms = readRooms(readFileSync('docs/architecture.md', 'utf8'));

function json<T>(...path: readonly string[]): T {
  return JSON.parse(readFileSync(join(...path), 'utf8')) as T;
}

function importsOf(name: string): Room {
  const dependencies = Object.keys(json<Manifest>('packages', name, 'package.json').dependencies ?? {});
  const isOwn = (dependency: string): boolean => dependency.startsWith('@bulwark/');
  return {
    packages: dependencies.filter(isOwn).map((dependency) => dependency.slice('@bulwark/'.length)),
    npm: dependencies.filter((dependency) => !isOwn(dependency)),
  };
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'));
}

const all = packages.flatMap((name) => sources(join('packages', name, 'src')));

describe('the table of rooms', () => {
  it('is read with workspace packages plain and npm packages in parentheses', () => {
    const sample =
      '| package | holds | may import |\n|---|---|---|\n| `a` | x | nothing |\n| `b` | y | a (zod, js-yaml) |\n\n| c |';

    expect([...readRooms(sample)]).toEqual([
      ['a', { packages: [], npm: [] }],
      ['b', { packages: ['a'], npm: ['zod', 'js-yaml'] }],
    ]);
  });

  it('names every package and no other', () => {
    expect([...rooms.keys()].toSorted()).toEqual(packages.toSorted());
  });
});

describe.each(packages)('the package %s', (name) => {
  const imports = importsOf(name);

  it('imports what the table says', () => {
    const room = rooms.get(name);

    expect(imports.packages.toSorted()).toEqual(room?.packages.toSorted());
    expect(imports.npm.toSorted()).toEqual(room?.npm.toSorted());
  });

  it('has the project references that its imports need', () => {
    const { references } = json<Project>('packages', name, 'tsconfig.json');

    expect(references.map(({ path }) => path.replace('../', '')).toSorted()).toEqual(
      imports.packages.toSorted(),
    );
  });

  it('shows only its front door, and one more for tests', () => {
    const {
      '.': front,
      './testing': forTests = '',
      ...more
    } = json<Manifest>('packages', name, 'package.json').exports;
    expect({ front, more }).toEqual({ front: './src/index.ts', more: {} });
    expect(forTests === '' || forTests.endsWith('.testing.ts')).toBe(true);
  });

  it.skipIf(!PURE.includes(name))('is pure: no types of any runtime', () => {
    expect(json<Project>('packages', name, 'tsconfig.json').compilerOptions.types).toEqual([]);
  });

  it('is not empty', () => {
    expect(sources(join('packages', name, 'src')).length).toBeGreaterThan(1);
  });
});

it('the types of every package are checked', () => {
  const { references } = json<Project>('tsconfig.json');
  expect(references.map(({ path }) => path.replace('packages/', '')).toSorted()).toEqual(packages.toSorted());
});

describe('source files', () => {
  it('have names that say something', () => {
    expect(all.filter((file) => SAYS_NOTHING.test(file))).toEqual([]);
  });

  it('read the environment only where the process is wired', () => {
    const wiring = /\/(main|config|process-io)\.ts$|\.test(ing)?\.ts$|^packages\/testkit\//;

    expect(
      all.filter((file) => !wiring.test(file) && readFileSync(file, 'utf8').includes('process.env')),
    ).toEqual([]);
  });

  it(`have at most ${MOST_LINES} lines, tables of facts apart`, () => {
    const long = all.filter(
      (file) =>
        !/\.test\.ts$|api-versions\.ts$/.test(file) &&
        readFileSync(file, 'utf8').trimEnd().split('\n').length > MOST_LINES,
    );

    expect(long).toEqual([]);
  });
});

describe('the lockfile', () => {
  it('names no registry', () => {
    expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved": "https?:/);
  });

  it('is used with scripts turned off', () => {
    expect(existsSync('.npmrc') && readFileSync('.npmrc', 'utf8')).toContain('ignore-scripts=true');
  });
});

describe('the decisions', () => {
  it('are listed by number and title, and short', () => {
    const files = readdirSync(join('docs', 'adr')).filter((file) => /^\d{4}-/.test(file));
    const index = readFileSync(join('docs', 'adr', 'README.md'), 'utf8').replaceAll(/ +/g, ' ');

    for (const file of files) {
      const text = readFileSync(join('docs', 'adr', file), 'utf8');
      const [, number, title] = /^# (\d{4}): (.+)\n/.exec(text) ?? [];
      expect(file).toContain(number ?? 'no number');
      expect(index).toContain(`[${number ?? ''}](${file}) | ${title ?? ''} |`);
      expect(text.split('\n').length).toBeLessThanOrEqual(61);
    }
  });
});
