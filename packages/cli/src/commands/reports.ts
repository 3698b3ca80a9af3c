import type { ScanReport } from '@bulwark/core';
import type { ReportFormat, ReportOptions } from '@bulwark/formats';
import { UsageError } from '../exit.ts';
import type { Io } from '../io.ts';
import { type Output, STDOUT, writeOutput } from './outputs.ts';

/** The reports of a scan and where they go. */
export interface Reports {
  /** What goes to standard output; undefined when nothing does. */
  readonly printed: ReportFormat | undefined;
  readonly files: readonly Output[];
}

/** What the command line says of the report on standard output. */
export interface Wanted {
  /** The format of `--format`, undefined where the flag is not given. */
  readonly format: ReportFormat | undefined;
  readonly usual: ReportFormat;
  readonly isQuiet: boolean;
}

/**
 * Divides reports into the one for standard output and those for files.
 *
 * @throws UsageError when two would go to standard output.
 */
export function divideReports(outputs: readonly Output[], { format, usual, isQuiet }: Wanted): Reports {
  const [printed, second] = outputs.filter(({ file }) => file === STDOUT).map((output) => output.format);
  if (second !== undefined)
    throw new UsageError('--output: - is given twice; standard output takes one report');
  if (printed !== undefined && format !== undefined)
    throw new UsageError(
      `--format ${format.id} and --output ${printed.id}=- both go to standard output; it takes one report`,
    );
  return {
    printed: printed ?? (isQuiet ? undefined : (format ?? usual)),
    files: outputs.filter(({ file }) => file !== STDOUT),
  };
}

/** Prints and writes the reports, and says on standard error what a format had to leave out. */
export function writeReports(
  report: ScanReport,
  { printed, files }: Reports,
  { io, options, isQuiet }: { readonly io: Io; readonly options: ReportOptions; readonly isQuiet: boolean },
): void {
  if (printed !== undefined) for (const chunk of printed.write(report, options)) io.write(chunk);
  for (const output of files) writeOutput(report, output, { ...options, width: 0, color: false });
  if (isQuiet) return;
  const formats = new Set([
    ...(printed === undefined ? [] : [printed]),
    ...files.map(({ format }) => format),
  ]);
  for (const { id, cut } of formats) {
    const sentence = cut?.(report, options);
    if (sentence !== undefined) io.writeError(`The report ${id}: ${sentence}\n`);
  }
}
