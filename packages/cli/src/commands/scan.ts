import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { CONTROLS, FRAMEWORKS } from '@bulwark/controls';
import {
  CONTROL_PROFILES,
  type Control,
  type Framework,
  isAtLeast,
  type KubernetesVersion,
  PROFILES,
  parseKubernetesVersion,
  type ScanReport,
  type Severity,
} from '@bulwark/core';
import { REPORT_FORMATS, type ReportFormat, type ReportOptions } from '@bulwark/formats';
import { namedControls, namedFramework } from '../catalogue.ts';
import { ExitCode, UsageError, unknownName } from '../exit.ts';
import type { ScanFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { Progress } from '../progress.ts';
import { scan } from '../scan/scan.ts';
import { isWorthThreads } from '../scan/threads.ts';
import { type FoundInputs, findInputs, inputFromBytes, STDIN } from '../source/find-inputs.ts';
import { realPath } from '../source/walk.ts';
import { readOutputs, writeOutput } from './outputs.ts';

const MEBIBYTE = 1024 * 1024;
const MOST_THREADS = 8;
const NO_INPUTS: FoundInputs = { files: [], coverage: [] };

/** `bulwark scan`. */
export async function runScan(paths: readonly string[], flags: ScanFlags, io: Io): Promise<number> {
  const kubernetes = kubernetesVersion(flags.kubernetesVersion);
  const frameworks = (flags.framework ?? []).map(namedFramework);
  const controls = chooseControls(flags, frameworks);
  const format = findFormat(flags.format);
  const failOn = flags.failOn as Severity | 'never';
  for (const path of paths)
    if (path !== STDIN && !existsSync(path)) throw new UsageError(`there is no file or directory ${path}`);
  const outputs = readOutputs(flags.output ?? [], paths, findFormat);
  const progress = new Progress(io, flags.quiet !== true);
  const maxBytes = flags.maxFileSize * MEBIBYTE;
  const found = findInputs(paths, { ignore: flags.ignore, render: flags.render, maxBytes, env: io.env });
  const stdin = paths.includes(STDIN) ? inputFromBytes(await io.readStdin(), maxBytes) : NO_INPUTS;
  const written = new Set(outputs.map(({ file }) => realPath(resolve(file))));
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
    minSeverity: reportedFrom(flags.minSeverity as Severity, failOn),
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
  return exitCode(report, failOn, flags.strict === true);
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
  if (failOn !== 'never' && report.findings.some((finding) => isAtLeast(finding.severity, failOn)))
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

/** Named controls win over frameworks, frameworks over the profile; what is excluded is left out of any of them. */
export function chooseControls(
  flags: Pick<ScanFlags, 'control' | 'exclude' | 'profile'>,
  frameworks: readonly Framework[],
): Control[] {
  const excluded = new Set(
    (flags.exclude ?? []).flatMap((name) => namedControls(name).map((control) => control.id)),
  );
  const asked = new Set(
    (flags.control ?? []).flatMap((name) => namedControls(name).map((control) => control.id)),
  );
  const required = new Set(
    frameworks.flatMap(({ requirements }) =>
      requirements.flatMap(({ coverage }) => (coverage.kind === 'automated' ? coverage.controls : [])),
    ),
  );
  const widest = PROFILES.indexOf(flags.profile as (typeof PROFILES)[number]);
  const isChosen = (control: Control): boolean => {
    if (asked.size > 0) return asked.has(control.id);
    if (frameworks.length > 0) return required.has(control.id);
    return CONTROL_PROFILES.indexOf(control.profile) <= widest && control.deprecated === undefined;
  };
  const chosen = CONTROLS.filter((control: Control) => isChosen(control) && !excluded.has(control.id));
  if (chosen.length === 0) throw new UsageError('no control is left to run');
  return chosen;
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
