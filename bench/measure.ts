import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What one run of a command took. */
export interface Usage {
  /** Process start to exit, in seconds. */
  readonly wall: number;
  /** User and system time of the process and its children, in seconds. */
  readonly cpu: number;
  /** Largest resident set, in MiB; 0 for programs other than Node. */
  readonly peak: number;
}

/** A command to measure. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

const MIB = 1024;

/**
 * Runs a command under bash's `time`, its output thrown away. A Node program also reports its peak memory, through a
 * preloaded module.
 */
export function measure({ program, args }: Command): Usage {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-bench-'));
  const usage = join(folder, 'usage');
  const isNode = program === process.execPath;
  const preload = isNode ? ['--import', resolve('bench', 'report-peak.mjs')] : [];
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null 2>&1';
  try {
    const { stderr } = spawnSync('bash', ['-c', script, 'bash', program, ...preload, ...args], {
      encoding: 'utf8',
      env: { ...process.env, BULWARK_BENCH_USAGE: usage },
    });
    const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = stderr.trim().split(' ').map(Number);
    return { wall, cpu: user + system, peak: isNode ? Number(readFileSync(usage, 'utf8')) / MIB : 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The medians of several commands, run in turn, so that a noisy moment meets all of them. */
export function compare<Name extends string>(
  commands: Readonly<Record<Name, Command>>,
  runs: number,
): Record<Name, Usage> {
  const names = Object.keys(commands) as Name[];
  const all = new Map<Name, Usage[]>(names.map((name) => [name, []]));
  for (let run = 0; run < runs; run++) for (const name of names) all.get(name)?.push(measure(commands[name]));
  const middle = (name: Name, pick: (usage: Usage) => number): number =>
    median((all.get(name) ?? []).map(pick));
  const entries = names.map((name) => [
    name,
    {
      wall: middle(name, ({ wall }) => wall),
      cpu: middle(name, ({ cpu }) => cpu),
      peak: middle(name, ({ peak }) => peak),
    },
  ]);
  return Object.fromEntries(entries) as Record<Name, Usage>;
}

/** The value that a share of all values does not exceed; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Prints a figure beside its target; a missed target is said, and ends the benchmark with 1. */
export function figure(
  name: string,
  value: number,
  { most, unit }: { readonly most: number; readonly unit: string },
): void {
  const isMet = value <= most;
  const digits = Math.abs(value) >= 100 ? 0 : 2;
  process.stdout.write(
    `${isMet ? 'met   ' : 'MISSED'} ${name.padEnd(80)} ${value.toFixed(digits).padStart(8)} ${unit.padEnd(7)} target ${most} ${unit}\n`,
  );
  if (!isMet) process.exitCode = 1;
}

/** Prints a figure without a target. */
export function note(text: string): void {
  process.stdout.write(`       ${text}\n`);
}
