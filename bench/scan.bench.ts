import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { corpus } from './corpus.ts';
import { type Command, compare, figure, measure, note } from './measure.ts';

const RUNS = Number(process.env['BULWARK_BENCH_RUNS'] ?? 5);
const DIST = resolve('dist', 'bulwark.js');
const folder = mkdtempSync(join(tmpdir(), 'bulwark-corpus-'));

function write(documents: number): string {
  const path = join(folder, String(documents));
  mkdirSync(path);
  for (const { name, text } of corpus(documents)) writeFileSync(join(path, name), text);
  return path;
}

function scan(path: string, ...flags: readonly string[]): Command {
  return {
    program: process.execPath,
    args: [DIST, 'scan', path, '--no-config', '--format', 'json', ...flags],
  };
}

function onPath(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find((file) => existsSync(file));
}

function scale(): void {
  const path = write(10_000);
  const { ours, all, fix, one, two, floor } = compare(
    {
      ours: scan(path),
      all: scan(path, '--profile', 'all'),
      fix: { program: process.execPath, args: [DIST, 'fix', path, '--no-config', '--may-break'] },
      one: scan(path, '--threads', '1'),
      two: scan(path, '--threads', '2'),
      floor: { program: process.execPath, args: [resolve('bench', 'floor.mjs'), path] },
    },
    RUNS,
  );
  figure('10,000 documents, default profile, JSON: CPU over js-yaml alone', ours.cpu / floor.cpu, {
    most: 2.7,
    unit: 'times',
  });
  note(
    `CPU ${ours.cpu.toFixed(2)} s (one thread ${one.cpu.toFixed(2)} s, js-yaml ${floor.cpu.toFixed(2)} s), ${Math.round(10_000 / ours.cpu)} documents per CPU second`,
  );
  figure('10,000 documents, profile all, JSON: CPU over js-yaml alone', all.cpu / floor.cpu, {
    most: 4.05,
    unit: 'times',
  });
  note(`CPU ${all.cpu.toFixed(2)} s, peak ${all.peak.toFixed(0)} MiB`);
  figure('fix on 1,000 files: CPU over a scan', fix.cpu / ours.cpu, { most: 2, unit: 'times' });
  note(`CPU ${fix.cpu.toFixed(2)} s, peak ${fix.peak.toFixed(0)} MiB`);
  figure('two threads: wall time over one thread', two.wall / one.wall, { most: 0.75, unit: 'times' });
  note(`wall ${two.wall.toFixed(2)} s over ${one.wall.toFixed(2)} s`);
  figure('10,000 documents: peak memory', Math.max(ours.peak, one.peak, two.peak), {
    most: 400,
    unit: 'MiB',
  });
  peers(path, ours.cpu);
}

function peers(path: string, ours: number): void {
  const files = readdirSync(path).map((name) => join(path, name));
  const commands: readonly (readonly [string, readonly string[]])[] = [
    ['kube-score', ['score', '-o', 'json', ...files]],
    ['kube-linter', ['lint', path, '--format', 'json']],
  ];
  for (const [name, args] of commands) {
    const program = onPath(name);
    if (program === undefined) {
      note(`${name} is not on the PATH: not compared`);
      continue;
    }
    const { cpu } = measure({ program, args });
    figure(`10,000 documents: CPU over ${name}`, ours / cpu, { most: 1, unit: 'times' });
    note(`${name}: CPU ${cpu.toFixed(2)} s`);
  }
}

function linear(): void {
  const small = write(1000);
  const large = write(50_000);
  const middle = join(folder, '10000');
  const { thousand, tenThousand, fiftyThousand } = compare(
    {
      thousand: scan(small, '--threads', '1'),
      tenThousand: scan(middle, '--threads', '1'),
      fiftyThousand: scan(large, '--threads', '1'),
    },
    Math.min(RUNS, 3),
  );
  figure('10,000 documents: CPU over 1,000', tenThousand.cpu / thousand.cpu, { most: 10.5, unit: 'times' });
  figure('50,000 documents: CPU over 10,000', fiftyThousand.cpu / tenThousand.cpu, {
    most: 5.5,
    unit: 'times',
  });
  note(
    `CPU ${thousand.cpu.toFixed(2)} s, ${tenThousand.cpu.toFixed(2)} s, ${fiftyThousand.cpu.toFixed(2)} s; peak of 50,000: ${fiftyThousand.peak.toFixed(0)} MiB`,
  );
}

function start(): void {
  const path = join(folder, 'one.yaml');
  writeFileSync(
    path,
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: one\nspec:\n  containers:\n  - name: app\n    image: example.com/app:1\n',
  );
  const { one } = compare({ one: { program: process.execPath, args: [DIST, 'scan', path] } }, 15);
  const isCurrent = Number(process.versions.node.split('.')[0]) >= 24;
  figure(`one small file on Node ${process.versions.node}: wall`, one.wall * 1000, {
    most: isCurrent ? 130 : 200,
    unit: 'ms',
  });
  figure('one small file: CPU', one.cpu, { most: 0.25, unit: 's' });
  figure('one small file: peak memory', one.peak, { most: 90, unit: 'MiB' });
}

try {
  if (spawnSync('bash', ['-c', 'true']).status !== 0) throw new Error('the benchmarks need bash');
  start();
  scale();
  linear();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
