import { type Entry, Page, visibleLine } from '@bulwark/formats';

/** Lines that are kept as they are, as YAML and patches have to be. */
export interface Code {
  readonly code: readonly string[];
  /** Whether they stand at the left edge and whole, so that they can be copied; else they are cut to what fits. */
  readonly isWhole?: boolean;
}

/** A part of what is said of one thing; an empty line stands between parts. */
export type Part = readonly (Entry | Code)[];

const INDENT = ' '.repeat(10);

/** What is said of one thing, for people. */
export function textOf(
  parts: readonly Part[],
  { width, color }: { readonly width: number; readonly color: boolean },
): string {
  const page = new Page({ width, color });
  const linesOf = (block: Entry | Code): string =>
    'code' in block ? block.code.map((line) => codeLine(line, page, block)).join('') : page.lines(block);
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.map(linesOf).join(''))
    .join('\n');
}

function codeLine(line: string, { width }: Page, { isWhole = false }: Code): string {
  const safe = visibleLine(line);
  if (isWhole) return `${safe}\n`;
  return `${`${INDENT}${safe.length > width ? `${safe.slice(0, width - 1)}…` : safe}`.trimEnd()}\n`;
}

/** What is said of something: a text, or what must not be cut. */
export type Line = string | { readonly whole: string };

/** A part whose first line has a label; no part where there is no line. */
export function labelled(label: string, lines: readonly Line[]): Part {
  return lines.map((line, index) => ({
    ...(index === 0 && { label, style: 'strong' as const }),
    ...(typeof line === 'string' ? { text: line } : { whole: line.whole, text: '' }),
  }));
}

/** The first of some lines, and how many more there are. */
export function firstLines(lines: readonly string[], most: number): readonly string[] {
  return lines.length > most ? [...lines.slice(0, most), `and ${lines.length - most} more`] : lines;
}
