import { readFile } from 'node:fs/promises';
import { err, ok, type Result } from '@bulwark/core';
import { failure, type KubeFailure } from '../client/failure.ts';
import type { Clock } from '../clock.ts';

/** How long what was read of a file is good: rotated tokens and certificates come into use that fast. */
const GOOD_FOR_MS = 10_000;

/** The text of a file that others write anew from time to time. */
export class FreshFile {
  readonly path: string;
  private readonly clock: Pick<Clock, 'now'>;
  private text: string | undefined;
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(path: string, clock: Pick<Clock, 'now'>) {
    this.path = path;
    this.clock = clock;
  }

  /** The text; what was read last where the file cannot be read for the moment, such as in the middle of a rotation. */
  async read(): Promise<Result<string, KubeFailure>> {
    const now = this.clock.now();
    if (this.text !== undefined && now - this.readAt < GOOD_FOR_MS) return ok(this.text);
    try {
      this.text = await readFile(this.path, 'utf8');
      this.readAt = now;
    } catch (error) {
      if (this.text === undefined)
        return err(failure('credentials', `${this.path} cannot be read: ${reasonOf(error)}.`));
    }
    return ok(this.text);
  }

  /** Reads anew at the next call. */
  forget(): void {
    this.readAt = Number.NEGATIVE_INFINITY;
  }
}

/** Why a file cannot be used, without its content. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'access is denied';
    case 'EROFS':
      return 'the file system is read-only';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return typeof code === 'string' ? code : 'it cannot be opened';
  }
}
