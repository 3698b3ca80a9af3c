import { FRAMEWORKS } from '@bulwark/controls';
import { isAtLeast, openFindings, type ScanReport, type Severity } from '@bulwark/core';
import { REPORT_FORMATS, type ReportFormat, type ReportOptions, visibleLine } from '@bulwark/formats';
import { usesColor } from '../color.ts';
import {
  type BaselineEntry,
  baselineText,
  type NewBaseline,
  nextBaseline,
  readBaseline,
} from '../config/baseline.ts';
import { configurationFor } from '../config/find.ts';
import { ExitCode, UsageError, unknownName } from '../exit.ts';
import type { ScanFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { Progress } from '../progress.ts';
import { scan } from '../scan/scan.ts';
import { quoteForShell } from '../shell.ts';
import { STDIN } from '../source/find-inputs.ts';
import { idsOf } from './choose-controls.ts';
import { readOutputs } from './outputs.ts';
import { prepare } from './preparation.ts';
import { divideReports, writeReports } from './reports.ts';
import { scanSource } from './scan-source.ts';
import { writeWhole } from './whole-file.ts';

/** `bulwark scan`. */
export async function runScan(paths: readonly string[], flags: ScanFlags, io: Io): Promise<number> {
  const configuration = await configurationFor(flags.config, io.cwd);
  const failOn = (flags.failOn ?? configuration.failOn ?? 'high') as Severity | 'never';
  const minSeverity = (flags.minSeverity ?? configuration.minSeverity ?? 'info') as Severity;
  const outputs = readOutputs(
    {
      output: flags.output ?? [],
      writeBaseline: flags.writeBaseline,
      inputs: paths,
      kept: { configuration: configuration.file, baseline: flags.baseline },
    },
    findFormat,
  );
  const isQuiet = flags.quiet === true;
  const reports = divideReports(outputs, {
    format: flags.format === undefined ? undefined : findFormat(flags.format),
    usual: findFormat('pretty'),
    isQuiet,
  });
  const baseline = flags.baseline === undefined ? undefined : readBaseline(flags.baseline);
  const record = await recorderFor(flags, io);
  const source = await scanSource(paths, flags, io);
  const progress = new Progress(io, !isQuiet);
  const { frameworks, judgement, coverage } = await prepare(source.paths, source.flags, io, {
    configuration,
    progress,
    exceptions: baseline === undefined ? [] : [baseline.exception],
    ownFiles: [...reports.files.map(({ file }) => file), flags.baseline, flags.writeBaseline],
    wantVerdicts: flags.verdicts === true,
  });
  const { report, ...scanned } = await scan({
    ...judgement,
    ...(source.live !== undefined && { live: source.live }),
    version: io.version,
    inputs: source.inputs,
    coverage: [...coverage, ...source.coverage],
    frameworks,
    knownFrameworks: FRAMEWORKS,
    minSeverity: reportedFrom(minSeverity, failOn),
    excluded: idsOf(flags.exclude, configuration.controls),
  });
  progress.stop();
  const options = { ...printOptions(source.paths, flags, io), failOn };
  writeReports(report, reports, { io, options, isQuiet });
  if (flags.writeBaseline !== undefined) {
    const known = new Set(configuration.controls.map(({ id }) => id));
    const next = nextBaseline(report, baseline, { known, namespaces: judgement.namespaces });
    writeBaseline(flags.writeBaseline, next, { io, isQuiet });
    return ExitCode.ok;
  }
  const code = exitCode(report, failOn, flags.strict === true);
  const outcome = { ...scanned, controls: report.controls.length, failOn, hasPassed: code === ExitCode.ok };
  const said = await record?.(outcome, new Date());
  if (said !== undefined && !isQuiet) io.writeError(`${visibleLine(said)}\n`);
  return code;
}

/** What sends a record, where one is asked for; loaded only then, as what speaks to a hub takes time to start. */
async function recorderFor(flags: ScanFlags, io: Io) {
  if (flags.record === true) return (await import('../record/record.ts')).recorder(flags, io);
  const needless = (['hub', 'ca', 'image'] as const).find((name) => flags[name] !== undefined);
  if (needless !== undefined) throw new UsageError(`--${needless} is only for --record`);
  return undefined;
}

/** @param paths none for a cluster, which no edit of a file mends. */
function printOptions(paths: readonly string[], flags: ScanFlags, io: Io): Omit<ReportOptions, 'failOn'> {
  const command = (...words: readonly string[]): string => ['bulwark', ...words].map(quoteForShell).join(' ');
  return {
    width: io.columns,
    color: flags.color && usesColor(io),
    showAll: flags.all === true,
    strict: flags.strict === true,
    command: command(...io.argv),
    ...(typeof flags.config === 'string' && { explainCommand: command('explain', ...configFlag(flags)) }),
    ...(paths.length > 0 &&
      !paths.includes(STDIN) && {
        fixCommand: command('fix', ...paths, ...configFlag(flags), '--may-break'),
      }),
  };
}

function writeBaseline(
  file: string,
  { entries, gone }: NewBaseline,
  { io, isQuiet }: { readonly io: Io; readonly isQuiet: boolean },
): void {
  writeWhole(file, [baselineText(entries, io.today)], '--write-baseline');
  if (!isQuiet && gone.length > 0) io.writeError(goneText(gone));
}

const MOST_GONE = 20;

/** What a baseline loses is said, so that it can be put right where it was lost by mistake. */
function goneText(gone: readonly BaselineEntry[]): string {
  const lines = gone
    .slice(0, MOST_GONE)
    .map(({ fingerprint, control = fingerprint, kind = '', namespace = '', name = '', path = '' }) =>
      visibleLine(
        `  ${control} in ${[kind, namespace, name].filter((part) => part !== '').join('/')} ${path}`,
      ),
    );
  if (gone.length > MOST_GONE) lines.push(`  and ${gone.length - MOST_GONE} more`);
  return `The new baseline leaves out ${gone.length} of the old one that ${gone.length === 1 ? 'is' : 'are'} not found any more:\n${lines.join('\n')}\n`;
}

/** What tells another command to take the same configuration. */
function configFlag({ config }: ScanFlags): string[] {
  if (config === false) return ['--no-config'];
  return config === undefined ? [] : ['--config', config];
}

/** What makes the scan fail is reported whatever is asked for: a build must not fail on what its report hides. */
function reportedFrom(minSeverity: Severity, failOn: Severity | 'never'): Severity {
  return failOn === 'never' || isAtLeast(failOn, minSeverity) ? minSeverity : failOn;
}

function exitCode(report: ScanReport, failOn: Severity | 'never', strict: boolean): number {
  if (failOn !== 'never' && openFindings(report.findings).some(({ severity }) => isAtLeast(severity, failOn)))
    return ExitCode.findings;
  if (strict && report.coverage.some((entry) => entry.kind === 'lost')) return ExitCode.lost;
  return ExitCode.ok;
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
