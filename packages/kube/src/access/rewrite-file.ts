import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';

/** What keeps a file from being replaced although it can be written: its folder, its owner, or a mount. */
const ONLY_IN_PLACE = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV']);

/**
 * Writes a file that is there anew: mode, owner and links to it stay. A reader sees the old text or the new one, except where
 * only writing in place keeps its other names or its mount.
 *
 * @throws Error with `code`, as the file system gives it; the file is then as it was.
 */
export function rewriteFile(path: string, text: string): void {
  const file = realpathSync(path);
  // Whoever takes the right to write away means it, also where the folder would allow to replace the file.
  accessSync(file, constants.W_OK);
  const before = statSync(file);
  if (before.nlink > 1 || !isReplaced(file, text, before)) writeInPlace(file, text);
}

function isReplaced(file: string, text: string, { mode, uid, gid }: Stats): boolean {
  const beside = `${file}.${randomUUID()}`;
  try {
    const handle = openSync(beside, 'wx', 0o600);
    try {
      writeFileSync(handle, text);
      fchownSync(handle, uid, gid);
      fchmodSync(handle, mode & 0o7777);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(beside, file);
    return true;
  } catch (error) {
    rmSync(beside, { force: true });
    if (error instanceof Error && 'code' in error && ONLY_IN_PLACE.has(String(error.code))) return false;
    throw error;
  }
}

/** Room first, as the disk may be full, then the text, and then the end: the file is never empty or cut in between. */
function writeInPlace(file: string, text: string): void {
  const handle = openSync(file, 'r+');
  try {
    const { size } = fstatSync(handle);
    makeRoom(handle, size, Buffer.byteLength(text) - size);
    writeFileSync(handle, text);
    ftruncateSync(handle, Buffer.byteLength(text));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Empty lines at the end: a reader in between reads the old text. */
function makeRoom(handle: number, size: number, bytes: number): void {
  if (bytes <= 0) return;
  try {
    for (let done = 0; done < bytes; ) done += writeSync(handle, '\n'.repeat(bytes - done), size + done);
  } catch (error) {
    ftruncateSync(handle, size);
    throw error;
  }
}
