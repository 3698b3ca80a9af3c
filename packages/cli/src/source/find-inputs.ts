import { type CoverageEntry, coverage } from '@bulwark/core';
import { decodeText } from '@bulwark/formats';
import type { InputFile } from './input.ts';
import { type RenderOptions, renderCharts } from './render/charts.ts';
import { renderOverlays } from './render/overlays.ts';
import { describeSkipped, type Skipped, walk } from './walk.ts';

/** What the user writes for standard input, and how reports name it. */
export const STDIN = '-';

/** How inputs are found. */
export interface FindOptions {
  readonly ignore: boolean;
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

/** Finds every input under the paths that the user gave; a path given twice is read once. */
export function findInputs(paths: readonly string[], options: FindOptions): FoundInputs {
  const files = new Map<string, InputFile>();
  const entries: CoverageEntry[] = [];
  const skipped: Skipped[] = [];
  const rendered: InputFile[] = [];
  for (const path of paths) {
    if (path === STDIN) continue;
    const walked = walk(path, options);
    const renderOptions: RenderOptions = {
      path: options.render ? options.env['PATH'] : undefined,
      display: walked.display,
    };
    const made = [
      renderCharts(walked.directories, renderOptions),
      renderOverlays(walked.directories, renderOptions),
    ];
    for (const file of walked.files)
      if (!made.some(({ covers }) => covers(file.path ?? file.file))) files.set(file.path ?? file.file, file);
    rendered.push(...made.flatMap((each) => each.files));
    entries.push(...walked.coverage, ...made.flatMap((each) => each.coverage));
    skipped.push(walked.skipped);
  }
  const note = describeSkipped(skipped);
  return {
    files: [...files.values(), ...rendered],
    coverage: note === undefined ? entries : [...entries, note],
  };
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
