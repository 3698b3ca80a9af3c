import { readFileSync } from 'node:fs';
import { requireWritable, writeWhole } from '../commands/whole-file.ts';
import { UsageError } from '../exit.ts';
import type { MendedFile } from './mended-file.ts';

/**
 * Writes files as they would be.
 *
 * @param mended by their paths.
 * @throws UsageError when one may not be written, or is not what was judged any more; then none is.
 */
export function writeFiles(mended: readonly (readonly [path: string, MendedFile])[]): void {
  for (const [path, { before }] of mended) {
    requireWritable(path, '--write');
    if (readFileSync(path, 'utf8') !== before)
      throw new UsageError(`--write: ${path} has changed since it was judged; nothing is written`);
  }
  for (const [path, { after }] of mended) writeWhole(path, [after], '--write');
}
