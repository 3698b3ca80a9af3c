import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../exit.ts';
import { realPath } from '../source/walk.ts';

/** The code that the system gives a fault. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

/**
 * Makes sure that a file that is there may be changed.
 *
 * @param flag the option that named the file, for messages.
 * @throws UsageError when it is marked read-only, or is not ours to change.
 */
export function requireWritable(file: string, flag: string): void {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return;
    // Root could write it, and replacing it needs no right to write it; but the mark was meant for everybody.
    if (stats.isFile() && (stats.mode & ANYBODY_WRITES) === 0)
      throw new UsageError(`${flag}: ${file} is read-only`);
    accessSync(file, constants.W_OK);
    // The new text is gathered beside it.
    if (stats.isFile()) accessSync(dirname(realPath(resolve(file))), constants.W_OK);
  } catch (error) {
    throw faultOf(error, file, flag);
  }
}

const ANYBODY_WRITES = 0o222;
const PERMISSIONS = 0o7777;

function faultOf(error: unknown, file: string, flag: string): UsageError {
  return error instanceof UsageError
    ? error
    : new UsageError(`${flag}: ${file} cannot be written (${codeOf(error)})`);
}

/**
 * A file that is written whole or not at all: one that was there stays until the new one is complete, and keeps its
 * permissions, its owner and its other names. Devices and pipes are written to as they are.
 */
export class WholeFile {
  private readonly file: string;
  private readonly flag: string;
  private readonly before: Stats | undefined;
  private readonly isInPlace: boolean;
  private readonly real: string;
  private readonly target: string;
  private readonly descriptor: number;

  /**
   * Begins it.
   *
   * @param flag the option that named the file, for messages.
   * @throws UsageError when the file cannot be written, as do the methods.
   */
  constructor(file: string, flag: string) {
    requireWritable(file, flag);
    this.file = file;
    this.flag = flag;
    try {
      this.before = statSync(file, { throwIfNoEntry: false });
      this.isInPlace = this.before !== undefined && !this.before.isFile();
      this.real = realPath(resolve(file));
      this.target = this.isInPlace ? file : `${this.real}.${process.pid}.part`;
      // What a run that was killed has left, or a link that somebody has put there.
      if (!this.isInPlace) rmSync(this.target, { force: true });
      this.descriptor = openSync(this.target, this.isInPlace ? 'w' : 'wx', this.before?.mode);
    } catch (error) {
      throw faultOf(error, file, flag);
    }
  }

  write(chunk: string | Uint8Array): void {
    try {
      // Given a descriptor it goes on where the last chunk ended, and writes all of it.
      writeFileSync(this.descriptor, chunk);
    } catch (error) {
      // Whoever reads a pipe may stop when it has seen enough.
      if (codeOf(error) !== 'EPIPE') throw faultOf(error, this.file, this.flag);
    }
  }

  /** Puts it where it belongs. */
  finish(): void {
    try {
      closeSync(this.descriptor);
      if (!this.isInPlace) putInPlace(this.target, this.real, this.before);
    } catch (error) {
      if (!this.isInPlace && !(error instanceof UsageError)) rmSync(this.target, { force: true });
      throw faultOf(error, this.file, this.flag);
    }
  }

  /** Ends it where it cannot be completed: what was there stays. */
  abandon(): void {
    closeSync(this.descriptor);
    if (!this.isInPlace) rmSync(this.target, { force: true });
  }
}

/**
 * Writes a file, all of it or nothing, as `WholeFile` does.
 *
 * @param flag the option that named the file, for messages.
 * @throws UsageError when the file cannot be written.
 */
export function writeWhole(file: string, chunks: Iterable<string>, flag: string): void {
  const whole = new WholeFile(file, flag);
  try {
    for (const chunk of chunks) whole.write(chunk);
  } catch (error) {
    whole.abandon();
    throw error;
  }
  whole.finish();
}

/** Puts a complete file where another was. */
function putInPlace(complete: string, file: string, before: Stats | undefined): void {
  if (before !== undefined) chmodSync(complete, before.mode & PERMISSIONS);
  const { uid, gid } = statSync(complete);
  if (before === undefined || (before.nlink === 1 && before.uid === uid && before.gid === gid)) {
    renameSync(complete, file);
    return;
  }
  // A new file would leave the other names to the old text, or belong to somebody else.
  try {
    writeFileSync(file, readFileSync(complete));
  } catch (error) {
    throw new UsageError(`${file} may be cut short (${codeOf(error)}); ${complete} is complete`);
  }
  rmSync(complete);
}

/** Why a file cannot be made or finished. */
const OF_FILES: ReadonlySet<string> = new Set([
  'EACCES',
  'EDQUOT',
  'EEXIST',
  'EFBIG',
  'EISDIR',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOSPC',
  'ENOTDIR',
  'EPERM',
  'EROFS',
]);

/** Whether a code says that a file or folder cannot be made, read or finished, which is no fault of the program. */
export function isOfFiles(code: string): boolean {
  return OF_FILES.has(code);
}
