import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isKubernetesObject, type Result, type ScanReport } from '@bulwark/core';
import { REPORT_FORMATS, type ReportFormat, type ReportOptions, readDocuments } from '@bulwark/formats';
import { isBaseline } from '../config/baseline.ts';
import { UsageError } from '../exit.ts';
import { isFile, readTextFile } from '../source/text-file.ts';
import { realPath } from '../source/walk.ts';
import { codeOf, writeWhole } from './whole-file.ts';

/** What stands for standard output where a file is asked for; a file of that name is `./-`. */
export const STDOUT = '-';

/** Where a report goes. */
export interface Output {
  readonly format: ReportFormat;
  /** A file, or `STDOUT`. */
  readonly file: string;
}

/** What a command line says about files to write. */
export interface WantedFiles {
  /** `--output` flags, `FORMAT=FILE` each. */
  readonly output: readonly string[];
  readonly writeBaseline?: string | undefined;
  /** What is to be scanned. */
  readonly inputs: readonly string[];
  /** What is read besides, and no report may replace, by what it is called. */
  readonly kept: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads `--output` flags and makes sure before the scan that these files and the baseline can be written, so that a
 * mistake costs no waiting. Nothing is written yet.
 *
 * @throws UsageError when a flag is malformed, two name the same file, or one names an input of the scan or a file that
 *   is none to be replaced.
 */
export function readOutputs(
  { output, writeBaseline, inputs, kept }: WantedFiles,
  findFormat: (id: string) => ReportFormat,
): Output[] {
  const taken = new Set<string>();
  const claim = (file: string, flag: string): void => {
    const real = realPath(resolve(file));
    if (taken.has(real)) throw new UsageError(`${flag}: ${file} is given twice`);
    taken.add(real);
    if (inputs.some((input) => isSame(input, file)))
      throw new UsageError(`${flag}: ${file} is what is to be scanned`);
    checkWritable(file, flag);
  };
  const outputs = output.map((flag) => {
    const at = flag.indexOf('=');
    if (at < 1 || at === flag.length - 1) throw new UsageError(noFile(flag));
    const format = findFormat(flag.slice(0, at));
    const file = flag.slice(at + 1);
    if (file === STDOUT) return { format, file };
    claim(file, '--output');
    const own = Object.entries(kept).find(([, path]) => path !== undefined && isSame(path, file));
    if (own !== undefined) throw new UsageError(`--output: ${file} is the ${own[0]}`);
    const there = textAt(file);
    if (there?.ok === true && holdsObjects(there.value))
      throw new UsageError(`--output: ${file} holds Kubernetes objects`);
    // Values, templates and what else belongs to manifests; no report is YAML.
    if (there !== undefined && YAML.test(file) && !(there.ok && there.value === ''))
      throw new UsageError(`--output: ${file} is there and is no report`);
    return { format, file };
  });
  if (writeBaseline === STDOUT) throw new UsageError('--write-baseline: - is standard output; name a file');
  if (writeBaseline !== undefined) {
    claim(writeBaseline, '--write-baseline');
    const there = textAt(writeBaseline);
    if (there !== undefined && !(there.ok && (there.value === '' || isBaseline(there.value))))
      throw new UsageError(`--write-baseline: ${writeBaseline} is there and is not a baseline`);
  }
  return outputs;
}

/** Whoever is used to kubectl gives the format alone. */
function noFile(flag: string): string {
  const said = `--output takes FORMAT=FILE, such as json=report.json, not "${flag}"`;
  const isFormat = REPORT_FORMATS.some(({ id }) => id === flag);
  return isFormat ? `${said}; -f ${flag} writes that to standard output` : said;
}

function isSame(path: string, other: string): boolean {
  return realPath(resolve(path)) === realPath(resolve(other));
}

/** The text of a file; undefined where there is none, but perhaps a device or a pipe. */
function textAt(file: string): Result<string, string> | undefined {
  return isFile(file) ? readTextFile(file) : undefined;
}

const YAML = /\.(?:ya?ml|tpl)$/i;

function holdsObjects(text: string): boolean {
  return readDocuments(text).documents.some(({ value }) => isKubernetesObject(value));
}

function checkWritable(file: string, flag: string): void {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats?.isDirectory()) throw new UsageError(`${flag}: ${file} is a directory`);
    accessSync(stats === undefined || stats.isFile() ? dirname(resolve(file)) : file, constants.W_OK);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${flag}: ${file} cannot be written (${codeOf(error)})`);
  }
}

/** Writes a report to its file. */
export function writeOutput(report: ScanReport, { format, file }: Output, options: ReportOptions): void {
  writeWhole(file, format.write(report, options), '--output');
}
