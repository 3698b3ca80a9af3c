import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfStale, buildProduct } from './build.ts';
import { runChecks } from './check.ts';

/** What a program that was killed counts as: a crash. */
const CRASHED = 70;
const VITEST = join('node_modules', 'vitest', 'vitest.mjs');

function node(args: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  return status ?? CRASHED;
}

function tool(file: string, args: readonly string[]): number {
  return node(['tools/tool.mjs', file, ...args]);
}

/** Hands on what ends this process, and ends after the hub: it has a database to stop. */
async function start(args: readonly string[]): Promise<number> {
  await buildIfStale();
  const hub = spawn(process.execPath, ['dist/bulwark.js', 'hub', ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => hub.kill(signal));
  return await new Promise((resolve, reject) => {
    hub.once('error', reject);
    hub.once('exit', (code) => resolve(code ?? CRASHED));
  });
}

async function test(args: readonly string[]): Promise<number> {
  await buildIfStale();
  return node([VITEST, 'run', ...args]);
}

async function bench(args: readonly string[]): Promise<number> {
  await buildIfStale();
  const wanted = readdirSync('bench').filter(
    (file) => file.endsWith('.bench.ts') && (args.length === 0 || args.some((arg) => file.includes(arg))),
  );
  return wanted.reduce((status, file) => tool(join('bench', file), []) || status, 0);
}

/** Proofs that break and mend clusters and databases: minutes each, and so only in full. */
const LONG = [
  'e2e/hub/audit-log',
  'e2e/hub/crash',
  'e2e/hub/database-away',
  'e2e/hub/database-silent',
  'e2e/hub/disk-full',
  'e2e/hub/memory',
  'e2e/hub/notifications',
  'e2e/hub/outage',
  'e2e/hub/page-old-answers',
  'e2e/hub/page-under-way',
  'e2e/hub/planted-secrets',
  'e2e/hub/two-hubs',
  'e2e/hub/users',
  'packages/hub/src/cluster/growth',
  'packages/kube/src/outage',
  'packages/kube/src/rights',
  'packages/store/src/write/kill',
].map((name) => `${name}.proof.test.ts`);

async function proof(args: readonly string[]): Promise<number> {
  await buildIfStale();
  const extent = process.env['BULWARK_PROOF'] ?? 'full';
  // Options alone, such as a reporter, choose no tests.
  const chosen = args.some((arg) => !arg.startsWith('-')) ? [] : ['proof', 'conformance'];
  const left = extent === 'reduced' ? LONG.flatMap((file) => ['--exclude', file]) : [];
  return node([VITEST, 'run', ...chosen, ...left, ...args], { BULWARK_PROOF: extent });
}

/** Runs one of the tasks that `package.json` names and answers its exit code. */
export async function run(task: string, args: readonly string[]): Promise<number> {
  switch (task) {
    case 'start':
      return start(args);
    case 'test':
      return test(args);
    case 'check':
      return runChecks();
    case 'build':
      await buildProduct({ report: true });
      return 0;
    case 'bench':
      return bench(args);
    case 'proof':
      return proof(args);
    case 'screenshots':
      await buildIfStale();
      return tool('tools/screenshots.ts', args);
    case 'generate':
      return tool('tools/generate.ts', args);
    default:
      throw new Error(`unknown task ${task}`);
  }
}
