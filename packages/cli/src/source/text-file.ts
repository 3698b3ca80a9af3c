import { readFileSync, statSync } from 'node:fs';
import { err, type Result } from '@bulwark/core';
import { decodeText } from '@bulwark/formats';
import { reasonOf } from './walk.ts';

/** Whether there is a file, not a folder or a pipe, at a path. */
export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** The text of a file, or why it cannot be had, as a sentence. */
export function readTextFile(path: string): Result<string, string> {
  try {
    const decoded = decodeText(readFileSync(path));
    return decoded.ok ? decoded : err(decoded.error.reason);
  } catch (error) {
    return err(reasonOf(error));
  }
}

/** Texts of files as `make` reads them, each once; undefined where there is no such file or it cannot be read. */
export function rememberFiles<T>(make: (text: string) => T): (path: string) => T | undefined {
  const known = new Map<string, T | undefined>();
  return (path) => {
    if (!known.has(path)) {
      const text = isFile(path) ? readTextFile(path) : err('');
      known.set(path, text.ok ? make(text.value) : undefined);
    }
    return known.get(path);
  };
}
