import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Control } from '@bulwark/core';
import { REPOSITORY, readCases, runCase } from '@bulwark/testkit';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const REGISTRY = 'packages/controls/src/registry.ts';
const DOMAIN = 'packages/controls/src/pod/index.ts';

/** The fenced blocks of a guide by the path in their first line, which is left out. */
function filesOf(guide: string): Map<string, string> {
  const fences = guide.matchAll(/^```\w+\n(?:\/\/|#) (packages\/\S+)\n(.*?)^```$/gms);
  return new Map(Array.from(fences, ([, path = '', text = '']) => [path, text]));
}

/** The arguments that a guide gives to `npm test`, as a shell splits them. */
function testArguments(guide: string): string[] {
  const line = /^npm test -- (.+)$/m.exec(guide)?.[1] ?? '';
  return Array.from(line.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? '');
}

/** The domain's list with the import and the entry that a guide shows, each in the order of the ids. */
function register(list: string, shown: string): string {
  const lines = list.split('\n');
  for (const [line, name = ''] of shown.matchAll(/^import \{ (\w+) \} from '\.\/.*';$/gm))
    for (const added of [line, `  ${name},`]) {
      const isImport = added.startsWith('import');
      const like = lines.filter((other) => (isImport ? /from '\.\//.test(other) : /^ {2}\w+,$/.test(other)));
      const next = like.find((other) => sortKey(other) > sortKey(added)) ?? like.at(-1) ?? '';
      lines.splice(lines.indexOf(next), 0, added);
    }
  return lines.join('\n');
}

function sortKey(line: string): string {
  return /'(.+)'/.exec(line)?.[1] ?? line;
}

describe('the guide "Add a control"', () => {
  const guide = readFileSync(join(REPOSITORY, 'docs', 'guides', 'add-a-control.md'), 'utf8');
  const files = filesOf(guide);
  const [casesFile = ''] = [...files.keys()].filter((path) => path.endsWith('.cases.yaml'));
  const controlFile = casesFile.replace('.cases.yaml', '.ts');
  const id = controlFile.slice(controlFile.lastIndexOf('/') + 1, -'.ts'.length);
  const cases = readCases(files.get(casesFile) ?? '');
  const checkout = mkdtempSync(join(tmpdir(), 'bulwark-guide-'));
  let controls: readonly Control[] = [];

  beforeAll(async () => {
    // A checkout in which only the controls are a copy, so that following the guide leaves the source alone.
    for (const name of ['node_modules', 'tsconfig.base.json', 'packages/core', 'packages/analyses']) {
      mkdirSync(dirname(join(checkout, name)), { recursive: true });
      symlinkSync(join(REPOSITORY, name), join(checkout, name));
    }
    cpSync(join(REPOSITORY, 'packages/controls'), join(checkout, 'packages/controls'), {
      recursive: true,
      filter: (source) => !source.includes('node_modules'),
    });
    const list = readFileSync(join(REPOSITORY, DOMAIN), 'utf8');
    for (const [path, text] of files)
      writeFileSync(join(checkout, path), path === DOMAIN ? register(list, text) : text);
    const outfile = join(checkout, 'registry.mjs');
    await build({ entryPoints: [join(checkout, REGISTRY)], bundle: true, format: 'esm', outfile });
    const bundle = (await import(pathToFileURL(outfile).href)) as { CONTROLS: readonly Control[] };
    controls = bundle.CONTROLS;
  });

  afterAll(() => rmSync(checkout, { recursive: true, force: true }));

  it('gives a control, its cases and the change of the list in full', () => {
    expect([...files.keys()]).toEqual([controlFile, casesFile, DOMAIN]);
    expect(new Set(cases.map(({ verdict }) => verdict))).toEqual(new Set(['pass', 'fail']));
  });

  it('adds a control that the product does not have', () => {
    const list = readFileSync(join(REPOSITORY, DOMAIN), 'utf8');

    expect(list).not.toContain(`/${id}.ts'`);
    expect(controls.filter((control) => control.id === id)).toHaveLength(1);
  });

  it.each(cases)('gives a control that says $verdict: $name', (given) => {
    const control = controls.find((candidate) => candidate.id === id);
    if (control === undefined) throw new Error(`the guide does not register ${id}`);

    const result = runCase(control, given);

    expect({ verdict: result.verdict, paths: result.paths }).toEqual({
      verdict: given.verdict,
      paths: [...given.paths].sort(),
    });
  });

  it('gives code that the compiler accepts', () => {
    const tsc = join(REPOSITORY, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout, status } = spawnSync(
      process.execPath,
      [tsc, '--noEmit', '--composite', 'false', '-p', join(checkout, 'packages/controls')],
      { encoding: 'utf8' },
    );

    expect(stdout).toBe('');
    expect(status).toBe(0);
  }, 60_000);

  it('gives a command that runs the tests of this control only, and they pass', () => {
    const vitest = join(REPOSITORY, 'node_modules', 'vitest', 'vitest.mjs');
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [vitest, 'run', '--root', checkout, '--reporter=json', '--testTimeout=60000', ...testArguments(guide)],
      // Every test that is skipped is in the report too.
      { encoding: 'utf8', cwd: checkout, maxBuffer: 64 * 1024 * 1024 },
    );

    expect(stdout, stderr).toContain('{');
    const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
      readonly numPassedTests: number;
      readonly numFailedTests: number;
    };
    // Besides the cases: the text, the parameters, and that there is a passing and a failing case.
    expect(report).toMatchObject({ numPassedTests: cases.length + 3, numFailedTests: 0 });
  }, 60_000);
});
