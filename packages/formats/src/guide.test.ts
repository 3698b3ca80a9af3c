import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nonConformities, REPOSITORY } from '@bulwark/testkit';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPORT_FORMATS } from './registry.ts';
import type { ReportFormat } from './report-format.ts';

const REGISTRY = 'packages/formats/src/registry.ts';

/** The fenced blocks of a guide by the path in their first line, which is left out. */
function filesOf(guide: string): Map<string, string> {
  const fences = guide.matchAll(/^```ts\n\/\/ (packages\/\S+)\n(.*?)^```$/gms);
  return new Map(Array.from(fences, ([, path = '', text = '']) => [path, text]));
}

/** The registry with the import and the entry that a guide shows. */
function register(registry: string, shown: string): string {
  const added = /^import .*;$/m.exec(shown)?.[0] ?? '';
  const entry = /^ {2}(\w+),$/m.exec(shown)?.[1] ?? '';
  return `${added}\n${registry.replace(/,?\s*\];/, `, ${entry}];`)}`;
}

describe('the guide "Add a report format"', () => {
  const guide = readFileSync(join(REPOSITORY, 'docs', 'guides', 'add-a-format.md'), 'utf8');
  const files = filesOf(guide);
  const checkout = realpathSync(mkdtempSync(join(tmpdir(), 'bulwark-guide-')));
  let formats: readonly ReportFormat[] = [];

  beforeAll(async () => {
    // A checkout in which only the formats are a copy, so that following the guide leaves the source alone.
    for (const name of ['node_modules', 'tsconfig.base.json', 'packages/core']) {
      mkdirSync(dirname(join(checkout, name)), { recursive: true });
      symlinkSync(join(REPOSITORY, name), join(checkout, name));
    }
    const isPart = (source: string): boolean => !source.includes('node_modules');
    cpSync(join(REPOSITORY, 'packages/formats'), join(checkout, 'packages/formats'), {
      recursive: true,
      filter: isPart,
    });
    for (const [path, text] of files) {
      mkdirSync(dirname(join(checkout, path)), { recursive: true });
      const before = path === REGISTRY ? readFileSync(join(REPOSITORY, REGISTRY), 'utf8') : '';
      writeFileSync(join(checkout, path), path === REGISTRY ? register(before, text) : text);
    }
    const outfile = join(checkout, 'registry.mjs');
    await build({ entryPoints: [join(checkout, REGISTRY)], bundle: true, format: 'esm', outfile });
    ({ REPORT_FORMATS: formats } = (await import(pathToFileURL(outfile).href)) as {
      REPORT_FORMATS: readonly ReportFormat[];
    });
  });

  afterAll(() => rmSync(checkout, { recursive: true, force: true }));

  it('gives the format, its test and the change of the list', () => {
    expect([...files.keys()]).toEqual([
      'packages/formats/src/lines/lines.ts',
      'packages/formats/src/lines/lines.test.ts',
      REGISTRY,
    ]);
  });

  it('adds a format that the product does not have, at the end of the list', () => {
    expect(formats.map(({ id }) => id)).toEqual([...REPORT_FORMATS.map(({ id }) => id), 'lines']);
  });

  it('gives a format that conforms', () => {
    const [lines] = formats.slice(-1);

    expect(lines && nonConformities(lines)).toEqual([]);
  });

  it('gives code that the compiler accepts', () => {
    const tsc = join(REPOSITORY, 'node_modules', 'typescript', 'bin', 'tsc');
    const project = join(checkout, 'packages/formats');
    const { stdout, status } = spawnSync(
      process.execPath,
      [tsc, '--noEmit', '--composite', 'false', '-p', project],
      {
        encoding: 'utf8',
      },
    );

    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  it('gives a command that runs the test of the format and the conformance test, and they pass', () => {
    const command = /^npm test -- (.+)$/m.exec(guide)?.[1] ?? '';
    const vitest = join(REPOSITORY, 'node_modules', 'vitest', 'vitest.mjs');
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [vitest, 'run', '--root', checkout, '--reporter=json', '--testTimeout=60000', ...command.split(' ')],
      { encoding: 'utf8', cwd: checkout, maxBuffer: 64 * 1024 * 1024 },
    );

    expect(stdout, stderr).toContain('{');
    const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
      readonly numFailedTests: number;
      readonly testResults: readonly {
        readonly assertionResults: readonly { readonly fullName: string }[];
      }[];
    };
    const names = report.testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ fullName }) => fullName),
    );
    expect(report.numFailedTests).toBe(0);
    expect(names).toContain('prints a finding as compilers print an error');
    expect(names.filter((name) => name.includes('conform: ') && name.includes('lines'))).toHaveLength(1);
  }, 240_000);
});
