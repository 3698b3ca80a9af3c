// The entry of every npm script, in plain JavaScript: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const STAMP = join(ROOT, 'node_modules', '.cache', 'bulwark-installed');
// Said again, because npm hands its own settings down when it prepares a git checkout for a global install.
const HERE = ['--location=project', '--no-global', '--ignore-scripts'];
const TASKS = ['start', 'test', 'check', 'build', 'bench', 'proof', 'generate', 'screenshots'];

function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
}

/** Installs what the lockfile names, unless that was done for this very lockfile. */
function install() {
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockDigest()) return;
  process.stderr.write('Installing dependencies ...\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status } = spawnSync(npm, ['install', ...HERE, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    process.stderr.write('npm install failed.\n');
    process.exit(status ?? 1);
  }
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, lockDigest());
}

const [task, ...args] = process.argv.slice(2);
if (!TASKS.includes(task)) {
  process.stderr.write(`Usage: node tools/run.mjs ${TASKS.join('|')}\n`);
  process.exit(2);
}
process.chdir(ROOT);
install();
const { runTypeScript } = await import('./run-typescript.mjs');
process.exitCode = await (await runTypeScript('tools/tasks.ts')).run(task, args);
