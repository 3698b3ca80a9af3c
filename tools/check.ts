import { spawn } from 'node:child_process';
import { join } from 'node:path';

interface Check {
  readonly name: string;
  readonly command: readonly string[];
  /** Whether its first line is shown when it passes. */
  readonly says?: boolean;
}

const bin = (name: string): string => join('node_modules', '.bin', name);
const tool = (file: string, ...args: string[]): readonly string[] => [
  process.execPath,
  'tools/tool.mjs',
  file,
  ...args,
];

/** The gate without tests. Each part prints only when it fails. */
const CHECKS: readonly Check[] = [
  { name: 'format', command: [bin('biome'), 'ci', '--colors=off', '.'] },
  { name: 'lint', command: [bin('oxlint'), '--type-aware', '--deny-warnings'] },
  // One command: the tests are checked against what the packages were compiled to.
  { name: 'types', command: [bin('tsc'), '-b', 'tsconfig.json', 'tsconfig.tests.json'] },
  {
    name: 'architecture',
    command: [process.execPath, 'node_modules/vitest/vitest.mjs', 'run', 'tools/architecture.test.ts'],
  },
  { name: 'unused', command: [bin('knip')] },
  { name: 'generated', command: tool('tools/generate.ts', '--check') },
  { name: 'docs', command: tool('tools/check-docs.ts') },
  { name: 'metrics', command: tool('tools/metrics.ts'), says: true },
];
/** Of a failing part. */
const MOST_LINES = 80;
/** Two at a time: most parts use several threads themselves. */
const AT_ONCE = 2;

function lastLines(output: string): string {
  const lines = output.trimEnd().split('\n');
  const left = lines.length - MOST_LINES;
  return `${left > 0 ? `(${left} lines more above)\n` : ''}${lines.slice(-MOST_LINES).join('\n')}\n`;
}

async function runCheck({ name, command: [program = '', ...args], says }: Check): Promise<boolean> {
  const started = performance.now();
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const status = await new Promise<number>((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const said = status === 0 && says === true ? `  ${output.split('\n')[0] ?? ''}` : '';
  process.stdout.write(
    `${status === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(14)} ${seconds} s${said}\n${status === 0 ? '' : lastLines(output)}`,
  );
  return status === 0;
}

/** Runs every check and answers the exit code. */
export async function runChecks(): Promise<number> {
  const waiting = [...CHECKS];
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      if (!(await runCheck(next))) failed++;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  process.stdout.write(
    failed === 0 ? 'All checks passed.\n' : `${failed} of ${CHECKS.length} checks failed.\n`,
  );
  return failed === 0 ? 0 : 1;
}
