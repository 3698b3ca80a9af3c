import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface Limit {
  readonly what: string;
  readonly pattern: RegExp;
  readonly files: (file: string) => boolean;
}

const isTest = (file: string): boolean => file.endsWith('.test.ts');
const isSource = (file: string): boolean => file.endsWith('.ts') && !isTest(file);

const MOST_LINES = 400;
/** Tables of facts, which may be longer. */
const TABLES = ['packages/core/src/api-versions.ts'];

/** Counts that must stay at zero. */
const LIMITS: readonly Limit[] = [
  {
    what: 'any',
    pattern: /(: any(?=\s*[;,)=|&>{\]]|$)|\bas any(?=\s*[;,)=|&>{}.\]]|$)|\bany\[\]|<any\b|, any>)/gm,
    files: (file) => isSource(file) && file !== 'tools/metrics.ts',
  },
  {
    what: 'suppressions without a reason',
    pattern: /@ts-ignore|oxlint-disable|eslint-disable/g,
    files: (file) => file.endsWith('.ts') && file !== 'tools/metrics.ts',
  },
  { what: 'snapshots', pattern: /\.toMatchSnapshot\(/g, files: isTest },
  { what: 'module mocks', pattern: /\bvi\.mock\(/g, files: isTest },
  { what: 'focused or skipped tests', pattern: /\b(it|test|describe)\.(only|skip|todo)\(/g, files: isTest },
  {
    what: 'TODO without an issue',
    pattern: /\bTODO\b(?!\(#\d+\))/g,
    files: (file) => isSource(file) && file !== 'tools/metrics.ts',
  },
];

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '');
const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
const linesOf = (file: string): number => (texts.get(file) ?? '').trimEnd().split('\n').length;
const lines = (keep: (file: string) => boolean): number[] => files.filter(keep).map((file) => linesOf(file));
const source = lines(isSource).sort((a, b) => a - b);
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
const ratio = (sum(lines(isTest)) / sum(source)).toFixed(2);

const found = LIMITS.map(({ what, pattern, files: keep }) => ({
  what,
  where: files.filter(keep).flatMap((file) => (texts.get(file) ?? '').match(pattern)?.map(() => file) ?? []),
}));
const long = files.filter((file) => isSource(file) && !TABLES.includes(file) && linesOf(file) > MOST_LINES);
const wrong = [...found, { what: `files over ${MOST_LINES} lines`, where: long }].filter(
  ({ where }) => where.length > 0,
);

process.stdout.write(
  `${source.length} source files, median ${percentile(source, 0.5)} lines, p90 ${percentile(source, 0.9)}, longest ${source.at(-1) ?? 0}; tests ${ratio} of source; ${found.map(({ what, where }) => `${where.length} ${what}`).join(', ')}\n`,
);
for (const { what, where } of wrong) {
  process.stdout.write(`${where.length} ${what}: ${[...new Set(where)].join(', ')}\n`);
  process.exitCode = 1;
}
