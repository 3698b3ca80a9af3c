import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, runProgram } from './packed.ts';

const MINUTES = 60_000;
const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {hostPID: true, containers: [{name: a, image: b}]}\n';
/** Which registry there is and how it is reached is for whoever runs the tests to say. */
const REACHES = /^(HOME|https?_proxy|no_proxy|npm_config_(registry|cafile|userconfig|cache))$/i;
const reach = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    REACHES.test(name) && value !== undefined ? [[name, value]] : [],
  ),
);
const ask = ['view', 'esbuild', 'version', '--fetch-retries=0'];
const hasRegistry = (await runProgram('npm', ask, { cwd: tmpdir(), env: reach })).status === 0;
const preCommit = await runProgram('pre-commit', ['--version'], { cwd: '/' });
const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(preCommit.stdout) ?? [];
const hasPreCommit = Number(major) > 4 || (Number(major) === 4 && Number(minor) >= 7);

describe('a git checkout, in which nothing is built', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-checkout-'));
  const checkout = join(folder, 'bulwark');
  const git = (...args: readonly string[]): Promise<Ended> =>
    runProgram('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: checkout });

  beforeAll(async () => {
    const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    // A file that was deleted and not committed is still listed.
    for (const file of execFileSync('git', list, { encoding: 'utf8' }).split('\0').filter(Boolean))
      if (existsSync(file)) cpSync(file, join(checkout, file));
    await git('init', '-q');
    await git('add', '-A');
    await git('commit', '-q', '-m', 'all');
    await git('tag', 'v1');
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.skipIf(!hasRegistry)(
    'is built by npm when it is installed from git, as pre-commit does (needs a registry)',
    async () => {
      const prefix = join(folder, 'prefix');
      const flags = ['--install-links', '--allow-git=root', '-g', '--prefix', prefix];

      const installed = await runProgram('npm', ['install', ...flags, `git+file://${checkout}`], {
        cwd: folder,
        env: reach,
      });
      const { stdout } = await runProgram(join(prefix, 'bin', 'bulwark'), ['version'], { cwd: folder });

      expect(installed.status, installed.stderr).toBe(0);
      expect(stdout).toMatch(/^bulwark \d/);
    },
    10 * MINUTES,
  );

  it.skipIf(!hasRegistry || !hasPreCommit)(
    'is a repository of a hook (needs a registry and pre-commit 4.7)',
    async () => {
      const user = join(folder, 'user');
      await runProgram('git', ['init', '-q', user], { cwd: folder });
      writeFileSync(join(user, 'pod.yaml'), POD);
      writeFileSync(
        join(user, '.pre-commit-config.yaml'),
        `repos:\n  - repo: ${checkout}\n    rev: v1\n    hooks:\n      - id: bulwark\n`,
      );
      await runProgram('git', ['add', '-A'], { cwd: user });

      const { status, stdout } = await runProgram('pre-commit', ['run', '--all-files', '--color=never'], {
        cwd: user,
        env: { ...reach, PRE_COMMIT_HOME: join(folder, 'pre-commit') },
      });

      expect(stdout).toContain('- hook id: bulwark\n- exit code: 1');
      expect(stdout).toContain('host-pid');
      expect(status).toBe(1);
    },
    10 * MINUTES,
  );
});
