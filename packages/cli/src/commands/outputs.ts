import {
  accessSync,
  closeSync,
  constants,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ScanReport } from '@bulwark/core';
import type { ReportFormat, ReportOptions } from '@bulwark/formats';
import { UsageError } from '../exit.ts';
import { realPath } from '../source/walk.ts';

/** A file that a report goes to. */
export interface Output {
  readonly format: ReportFormat;
  readonly file: string;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

/**
 * Reads `--output` flags, `FORMAT=FILE` each, and makes sure before the scan that the files can be written, so that a
 * mistake costs no waiting. Nothing is written yet.
 *
 * @throws UsageError when a flag is malformed, two name the same file, or one names an input of the scan.
 */
export function readOutputs(
  flags: readonly string[],
  inputs: readonly string[],
  findFormat: (id: string) => ReportFormat,
): Output[] {
  const taken = new Set<string>();
  return flags.map((flag) => {
    const at = flag.indexOf('=');
    if (at < 1 || at === flag.length - 1)
      throw new UsageError(`--output takes FORMAT=FILE, such as json=report.json, not "${flag}"`);
    const format = findFormat(flag.slice(0, at));
    const file = flag.slice(at + 1);
    const real = realPath(resolve(file));
    if (taken.has(real)) throw new UsageError(`--output: ${file} is given twice`);
    taken.add(real);
    if (inputs.some((input) => realPath(resolve(input)) === real))
      throw new UsageError(`--output: ${file} is what is to be scanned`);
    checkWritable(file);
    return { format, file };
  });
}

function checkWritable(file: string): void {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats?.isDirectory()) throw new UsageError(`--output: ${file} is a directory`);
    accessSync(stats === undefined || stats.isFile() ? dirname(resolve(file)) : file, constants.W_OK);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--output: ${file} cannot be written (${codeOf(error)})`);
  }
}

/** Writes a report to its file. */
export function writeOutput(report: ScanReport, { format, file }: Output, options: ReportOptions): void {
  writeWhole(file, format.write(report, options), '--output');
}

/**
 * Writes a file, all of it or nothing: one that was there stays until the new one is complete.
 *
 * @param flag the option that named the file, for messages.
 * @throws UsageError when the file cannot be written.
 */
export function writeWhole(file: string, chunks: Iterable<string>, flag: string): void {
  const isInPlace = !isReplaceable(statSync(file, { throwIfNoEntry: false }));
  const target = isInPlace ? file : `${realPath(resolve(file))}.${process.pid}.part`;
  try {
    const descriptor = openSync(target, 'w');
    try {
      // Given a descriptor it goes on where the last chunk ended, and writes all of it.
      for (const chunk of chunks) writeFileSync(descriptor, chunk);
    } finally {
      closeSync(descriptor);
    }
    if (!isInPlace) renameSync(target, realPath(resolve(file)));
  } catch (error) {
    if (!isInPlace) rmSync(target, { force: true });
    // Whoever reads a pipe may stop when it has seen enough.
    if (codeOf(error) === 'EPIPE') return;
    throw new UsageError(`${flag}: ${file} cannot be written (${codeOf(error)})`);
  }
}

/** Devices and pipes are written to as they are. */
function isReplaceable(stats: Stats | undefined): boolean {
  return stats === undefined || stats.isFile();
}
