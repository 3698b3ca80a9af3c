import { dirname } from 'node:path';
import { type CoverageEntry, coverage } from '@bulwark/core';
import { decodeText } from '@bulwark/formats';
import type { Excludes } from './ignore-rules.ts';
import type { InputFile } from './input.ts';
import { type RenderOptions, renderCharts } from './render/charts.ts';
import { renderOverlays } from './render/overlays.ts';
import { describeSkipped, realPath, walk } from './walk.ts';

/** What the user writes for standard input, and how reports name it. */
export const STDIN = '-';

/** How inputs are found. */
export interface FindOptions {
  readonly ignore: boolean;
  readonly excludes?: Excludes | undefined;
  /** Whether charts and overlays may be rendered with the tools on the PATH. */
  readonly render: boolean;
  readonly maxBytes: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Everything to be read, and what was left out or could not be found. */
export interface FoundInputs {
  readonly files: readonly InputFile[];
  readonly coverage: readonly CoverageEntry[];
}

/** Finds every input under the paths that the user gave; what several of them hold is read and rendered once. */
export function findInputs(paths: readonly string[], options: FindOptions): FoundInputs {
  const walks = paths.filter((path) => path !== STDIN).map((path) => walk(path, options));
  const directories = new Map(
    walks.flatMap((walked) => walked.directories.map((path) => [realPath(path), { path, walked }])),
  );
  const displays = new Map([...directories.values()].map(({ path, walked }) => [path, walked.display]));
  const renderOptions: RenderOptions = {
    env: options.render ? options.env : undefined,
    display: (path) => (nearestOf(displays, path) ?? walks[0]?.display ?? String)(path),
  };
  const made = [renderCharts, renderOverlays].map((render) => render([...displays.keys()], renderOptions));
  const files = new Map<string, InputFile>();
  for (const file of walks.flatMap((walked) => walked.files)) {
    const path = file.path ?? file.file;
    const real = realPath(path);
    if (!files.has(real) && !made.some(({ covers }) => covers(path))) files.set(real, file);
  }
  const note = describeSkipped(walks.map(({ skipped }) => skipped));
  return {
    files: [...files.values(), ...made.flatMap((each) => each.files)],
    coverage: [
      ...walks.flatMap((walked) => walked.coverage),
      ...made.flatMap((each) => each.coverage),
      ...(note === undefined ? [] : [note]),
    ],
  };
}

/** What a path's nearest folder has; undefined where none of its folders has anything. */
function nearestOf<T>(byDirectory: ReadonlyMap<string, T>, path: string): T | undefined {
  for (let directory = path; ; directory = dirname(directory)) {
    const found = byDirectory.get(directory);
    if (found !== undefined || dirname(directory) === directory) return found;
  }
}

/** Standard input as one file. */
export function inputFromBytes(bytes: Uint8Array, maxBytes: number): FoundInputs {
  const lost = (code: 'not-text' | 'too-large', reason: string): FoundInputs => ({
    files: [],
    coverage: [coverage(code, reason, { file: STDIN })],
  });
  if (bytes.length > maxBytes)
    return lost('too-large', `It has ${bytes.length} bytes; the limit is ${maxBytes} (--max-file-size).`);
  const decoded = decodeText(bytes);
  if (!decoded.ok) return lost(decoded.error.code, decoded.error.reason);
  return { files: [{ file: STDIN, text: decoded.value, size: bytes.length }], coverage: [] };
}
