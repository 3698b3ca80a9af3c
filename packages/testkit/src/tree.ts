import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder on disk that a test made. */
export interface FileTree {
  /** Its real path. */
  readonly root: string;
  readonly path: (...parts: readonly string[]) => string;
  readonly remove: () => void;
}

/** Writes files, named by their paths, into a new temporary folder. */
export function writeTree(files: Readonly<Record<string, string | Uint8Array>>): FileTree {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bulwark-test-')));
  const path = (...parts: readonly string[]): string => join(root, ...parts);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), content);
  }
  return { root, path, remove: () => rmSync(root, { recursive: true, force: true }) };
}
