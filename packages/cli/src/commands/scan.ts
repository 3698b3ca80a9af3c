import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { FRAMEWORKS } from '@bulwark/controls';
import {
  isAtLeast,
  type KubernetesVersion,
  openFindings,
  parseKubernetesVersion,
  type ScanReport,
  type Severity,
} from '@bulwark/core';
import { REPORT_FORMATS, type ReportFormat, type ReportOptions } from '@bulwark/formats';
import { controlsNamed, namedFramework } from '../catalogue.ts';
import { baselineOf, readBaseline } from '../config/baseline.ts';
import type { Configuration } from '../config/configuration.ts';
import { configurationFor } from '../config/find.ts';
import { ExitCode, UsageError, unknownName } from '../exit.ts';
import type { ScanFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { Progress } from '../progress.ts';
import { scan } from '../scan/scan.ts';
import { isWorthThreads } from '../scan/threads.ts';
import { type FoundInputs, findInputs, inputFromBytes, STDIN } from '../source/find-inputs.ts';
import type { Excludes } from '../source/ignore-rules.ts';
import { realPath } from '../source/walk.ts';
import { chooseControls } from './choose-controls.ts';
import { readOutputs, writeOutput, writeWhole } from './outputs.ts';

const MEBIBYTE = 1024 * 1024;
const MOST_THREADS = 8;
const NO_INPUTS: FoundInputs = { files: [], coverage: [] };

/** `bulwark scan`. */
export async function runScan(paths: readonly string[], flags: ScanFlags, io: Io): Promise<number> {
  const configuration = await configurationFor(flags.config, io.cwd);
  const kubernetes = kubernetesVersion(flags.kubernetesVersion ?? configuration.kubernetesVersion);
  const asked = flags.framework?.map(namedFramework);
  const frameworks = asked ?? configuration.frameworks.map(namedFramework);
  const controls = chooseControls({ ...flags, frameworks: asked }, configuration, frameworks);
  const format = findFormat(flags.format);
  const failOn = (flags.failOn ?? configuration.failOn ?? 'high') as Severity | 'never';
  const minSeverity = (flags.minSeverity ?? configuration.minSeverity ?? 'info') as Severity;
  const baseline = flags.baseline === undefined ? [] : [readBaseline(flags.baseline)];
  for (const path of paths)
    if (path !== STDIN && !existsSync(path)) throw new UsageError(`there is no file or directory ${path}`);
  const outputs = readOutputs(flags.output ?? [], paths, findFormat);
  const progress = new Progress(io, flags.quiet !== true);
  const maxBytes = flags.maxFileSize * MEBIBYTE;
  const { ignore, render } = flags;
  const excludes = excludesOf(configuration);
  const found = findInputs(paths, { ignore, excludes, render, maxBytes, env: io.env });
  const stdin = paths.includes(STDIN) ? inputFromBytes(await io.readStdin(), maxBytes) : NO_INPUTS;
  const own = [...outputs.map(({ file }) => file), configuration.file, flags.baseline, flags.writeBaseline];
  const written = new Set(own.flatMap((file) => (file === undefined ? [] : [realPath(resolve(file))])));
  const files = [...found.files, ...stdin.files].filter(
    ({ path }) => path === undefined || !written.has(realPath(path)),
  );
  progress.start(files.length);
  const report = await scan({
    version: io.version,
    inputs: paths,
    files,
    coverage: [...found.coverage, ...stdin.coverage],
    controls,
    frameworks,
    knownFrameworks: FRAMEWORKS,
    kubernetes,
    namespaces: flags.namespace ?? [],
    minSeverity: reportedFrom(minSeverity, failOn),
    exceptions: {
      stored: [...configuration.exceptions, ...baseline],
      annotations: configuration.annotations,
      otherTools: configuration.otherTools,
      controlsNamed: (name) => controlsNamed(name, configuration.controls).map(({ id }) => id),
      today: io.today,
    },
    wantVerdicts: flags.verdicts === true,
    threads: flags.threads ?? (isWorthThreads(files) ? Math.min(availableParallelism(), MOST_THREADS) : 1),
    workerUrl: io.workerUrl,
    onProgress: (done) => progress.advance(done),
  });
  progress.stop();
  const options: ReportOptions = {
    width: io.columns,
    color: flags.color && usesColor(io),
    showAll: flags.all === true,
    failOn,
    command: ['bulwark', ...io.argv].map(quoteForShell).join(' '),
  };
  if (flags.quiet !== true) for (const chunk of format.write(report, options)) io.write(chunk);
  for (const output of outputs) writeOutput(report, output, { ...options, width: 0, color: false });
  if (flags.writeBaseline !== undefined) {
    writeWhole(flags.writeBaseline, [baselineOf(report.findings, io.today)], '--write-baseline');
    return ExitCode.ok;
  }
  return exitCode(report, failOn, flags.strict === true);
}

function excludesOf({ file, ignore }: Configuration): Excludes | undefined {
  return file === undefined || ignore.length === 0
    ? undefined
    : { directory: dirname(file), patterns: ignore };
}

/** What makes the scan fail is reported whatever is asked for: a build must not fail on what its report hides. */
function reportedFrom(minSeverity: Severity, failOn: Severity | 'never'): Severity {
  return failOn === 'never' || isAtLeast(failOn, minSeverity) ? minSeverity : failOn;
}

/** A word as a shell has to be given it. */
function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function exitCode(report: ScanReport, failOn: Severity | 'never', strict: boolean): number {
  if (failOn !== 'never' && openFindings(report.findings).some(({ severity }) => isAtLeast(severity, failOn)))
    return ExitCode.findings;
  if (strict && report.coverage.some((entry) => entry.kind === 'lost')) return ExitCode.lost;
  return ExitCode.ok;
}

function usesColor({ env, isTerminal }: Io): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  if ((env['FORCE_COLOR'] ?? '0') !== '0') return true;
  return isTerminal && env['TERM'] !== 'dumb';
}

function kubernetesVersion(text: string | undefined): KubernetesVersion {
  const parsed = parseKubernetesVersion(text ?? 'latest');
  if (!parsed.ok) throw new UsageError(`--kubernetes-version: ${parsed.error.message}`);
  return parsed.value;
}

function findFormat(id: string): ReportFormat {
  const format = REPORT_FORMATS.find((candidate) => candidate.id === id);
  if (format === undefined)
    throw unknownName(
      'format',
      id,
      REPORT_FORMATS.map((candidate) => candidate.id),
    );
  return format;
}
