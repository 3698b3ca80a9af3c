import { type FileLines, type Path, positionOf, regionOf } from '@bulwark/core';
import { nearest, UsageError } from '../exit.ts';

/** A parsed file, with what it takes to say where something in it stands. */
export interface ParsedFile {
  readonly shown: string;
  readonly value: unknown;
  readonly offsets: Uint32Array;
  readonly lines: FileLines;
}

/** Keys as people call them who have not read the schema, too far from its spelling to be found by that. */
const SYNONYMS: Readonly<Record<string, string>> = {
  approver: 'approvedBy',
  approved: 'approvedBy',
  expires: 'until',
  expiry: 'until',
};

function nearestOf(text: string, known: readonly string[]): string | undefined {
  const meant = Object.hasOwn(SYNONYMS, text) ? SYNONYMS[text] : undefined;
  return meant !== undefined && known.includes(meant) ? meant : nearest(text, known);
}

/** What is wrong with a file, all of it, in the order of lines. */
export class Faults {
  private readonly file: ParsedFile;
  private readonly found: { readonly line: number; readonly column: number; readonly text: string }[] = [];

  constructor(file: ParsedFile) {
    this.file = file;
  }

  /** Notes a fault at a path; `unknown` is a name that does not exist, with those that do. */
  add(
    path: Path,
    message: string,
    unknown?: { readonly text: string; readonly known: readonly string[] },
  ): void {
    const { line, column } = this.placeOf(path);
    const near = unknown && nearestOf(unknown.text, unknown.known);
    const words = unknown === undefined ? '' : ` "${unknown.text}"`;
    const hint = near === undefined ? '' : `; did you mean "${near}"?`;
    const place = path.length === 0 ? '' : `${path.join('.')}: `;
    this.found.push({
      line,
      column,
      text: `${place}${message}${words === '' || message.startsWith('must') ? '' : words}${hint}`,
    });
  }

  /** `file:line` of a path. */
  sourceOf(path: Path): string {
    return `${this.file.shown}:${this.placeOf(path).line}`;
  }

  /** All faults, each with its place. */
  lines(): string[] {
    return this.found
      .toSorted((a, b) => a.line - b.line || a.column - b.column)
      .map(({ line, column, text }) => `${this.file.shown}:${line}:${column}: ${text}`);
  }

  /** @throws UsageError with all faults, one in a line. */
  throwIfAny(): void {
    if (this.found.length > 0) throw new UsageError(`the configuration is wrong\n${this.lines().join('\n')}`);
  }

  private placeOf(path: Path): { readonly line: number; readonly column: number } {
    const { value, offsets, lines } = this.file;
    const region = regionOf(value, { kind: 'file', lines, document: 0, offsets, node: 0 }, path);
    return region ?? positionOf(lines, 0);
  }
}
