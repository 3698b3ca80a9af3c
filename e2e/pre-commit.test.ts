import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, isInstalled, type Packed, packProduct, runProgram } from './packed.ts';

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly language: string;
  readonly files: string;
  readonly pass_filenames: boolean;
}

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {hostPID: true, containers: [{name: a, image: b}]}\n';
const hasPreCommit = await isInstalled('pre-commit');

describe('the pre-commit hook', () => {
  const hooks = load(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as readonly Hook[];
  const hook = hooks.find(({ id }) => id === 'bulwark');
  const folders: FileTree[] = [];
  let packed: Packed;

  beforeAll(async () => {
    packed = await packProduct();
  });

  afterAll(() => {
    packed.remove();
    for (const made of folders) made.remove();
  });

  /** A repository with its files staged. */
  async function repository(files: Readonly<Record<string, string>>): Promise<FileTree> {
    const made = writeTree(files);
    folders.push(made);
    await runProgram('git', ['init', '-q'], { cwd: made.root });
    await runProgram('git', ['add', '-A'], { cwd: made.root });
    return made;
  }

  const offline = { npm_config_offline: 'true' };

  it.each([
    ['deploy/pod.yaml', true],
    ['charts/shop/templates/_names.tpl', true],
    ['a.json', true],
    ['b.yml', true],
    ['README.md', false],
    ['src/yaml.ts', false],
  ])('asks for a scan when %s changes: %s', (file, expected) => {
    expect(new RegExp(hook?.files ?? '').test(file)).toBe(expected);
  });

  it('runs as pre-commit runs a hook of Node: installed globally into a folder, its entry called there', async () => {
    const { root } = await repository({ 'a.yaml': POD });
    const prefix = join(packed.folder, 'env');
    const env = { ...offline, npm_config_prefix: prefix, npm_config_cache: join(packed.folder, 'cache') };

    const installed = await runProgram('npm', ['install', '-g', packed.file], { cwd: root, env });
    const [program = '', ...args] = hook?.entry.split(' ') ?? [];
    const call = (more: readonly string[]): Promise<Ended> =>
      runProgram(join(prefix, 'bin', program), [...args, ...more], { cwd: root });
    const scan = await call([]);
    const lenient = await call(['--fail-on', 'never']);

    expect(hook).toMatchObject({ language: 'node', pass_filenames: false });
    expect([installed.status, installed.stderr]).toEqual([0, '']);
    expect([scan.status, lenient.status]).toEqual([1, 0]);
    expect(scan.stdout).toContain('host-pid');
  });

  it.skipIf(!hasPreCommit)(
    'runs under pre-commit itself, as the guide shows it (needs pre-commit)',
    async () => {
      const config = (args: string): string => `repos:
  - repo: local
    hooks:
      - id: bulwark
        name: bulwark
        language: node
        entry: bulwark scan
        args: [${args}]
        additional_dependencies: ['${packed.file}']
        files: ${hook?.files ?? ''}
        pass_filenames: false
`;
      const run = async (args: string): Promise<Ended> => {
        const { root } = await repository({ 'a.yaml': POD, '.pre-commit-config.yaml': config(args) });
        const env = { ...offline, PRE_COMMIT_HOME: join(packed.folder, 'pre-commit') };
        return runProgram('pre-commit', ['run', '--all-files', '--color=never'], { cwd: root, env });
      };

      const strict = await run('');
      const lenient = await run('--fail-on, never');

      expect(strict.stdout).toContain('- exit code: 1');
      expect(strict.stdout).toContain('host-pid');
      expect([strict.status, lenient.status]).toEqual([1, 0]);
    },
  );
});
