import type { Splice } from '../yaml/edit/splice.ts';
import { diffName } from './diff-name.ts';

const CONTEXT = 3;

/** A text and what is done to it. */
export interface SplicedText {
  readonly before: string;
  readonly splices: readonly Splice[];
}

/** Lines that are replaced: from `start`, `count` of them, by `lines`. */
interface LineChange {
  readonly start: number;
  readonly count: number;
  readonly lines: readonly string[];
}

/**
 * What is done to a file as a unified diff that `git apply` and `patch` take (POSIX diff -u).
 *
 * @param sides the path as it is to be named on both sides.
 */
export function unifiedDiff(
  sides: { readonly before: string; readonly after: string },
  mended: SplicedText,
): string {
  const old = linesOf(mended.before);
  const changes = lineChanges(mended, old);
  let text = `--- ${diffName(sides.before)}\n+++ ${diffName(sides.after)}\n`;
  let shift = 0;
  for (const hunk of hunksOf(changes)) {
    const from = Math.max(0, (hunk[0]?.start ?? 0) - CONTEXT);
    const last = hunk.at(-1);
    const to = Math.min(old.length, (last?.start ?? 0) + (last?.count ?? 0) + CONTEXT);
    const grown = hunk.reduce((sum, { lines, count }) => sum + lines.length - count, 0);
    const [before, after] = [to - from, to - from + grown];
    text += `@@ -${from + 1},${before} +${from + 1 + shift},${after} @@\n`;
    shift += grown;
    let at = from;
    for (const { start, count, lines } of hunk) {
      text += printed(' ', old.slice(at, start));
      text += printed('-', old.slice(start, start + count)) + printed('+', lines);
      at = start + count;
    }
    text += printed(' ', old.slice(at, to));
  }
  return text;
}

/** Lines with their ends, so that CRLF and a missing last line end show as they are. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function printed(sign: string, lines: readonly string[]): string {
  return lines
    .map((line) => (line.endsWith('\n') ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`))
    .join('');
}

/** The splices of a file as whole lines; those that share a line are one change. */
function lineChanges({ before, splices }: SplicedText, old: readonly string[]): LineChange[] {
  const starts: number[] = [];
  let offset = 0;
  for (const line of old) {
    starts.push(offset);
    offset += line.length;
  }
  const lineAt = (place: number): number => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  };
  const changes: { start: number; end: number; text: string; at: number }[] = [];
  for (const { start, end, text } of splices.toSorted((a, b) => a.start - b.start)) {
    // A splice that ends where a line begins has taken the lines before it as a whole.
    const [first, last] = [lineAt(start), end > start ? lineAt(end - 1) : lineAt(start)];
    const open = changes.at(-1);
    if (open !== undefined && first <= open.end) {
      open.text += before.slice(open.at, start) + text;
      open.end = Math.max(open.end, last);
      open.at = end;
    } else
      changes.push({
        start: first,
        end: last,
        text: before.slice(starts[first] ?? 0, start) + text,
        at: end,
      });
  }
  return changes.map(({ start, end, text, at }) => {
    const rest = before.slice(at, starts[end + 1] ?? before.length);
    return trimmed({ start, count: end - start + 1, lines: linesOf(text + rest) }, old);
  });
}

/** A change without the lines at its edges that stay as they are. */
function trimmed({ start, count, lines }: LineChange, old: readonly string[]): LineChange {
  let head = 0;
  while (head < count && head < lines.length && old[start + head] === lines[head]) head++;
  let tail = 0;
  while (
    tail < count - head &&
    tail < lines.length - head &&
    old[start + count - 1 - tail] === lines[lines.length - 1 - tail]
  )
    tail++;
  return { start: start + head, count: count - head - tail, lines: lines.slice(head, lines.length - tail) };
}

/** Changes whose context would touch share a hunk. */
function hunksOf(changes: readonly LineChange[]): LineChange[][] {
  const hunks: LineChange[][] = [];
  for (const change of changes) {
    const last = hunks.at(-1);
    const end = last?.at(-1);
    if (last !== undefined && end !== undefined && change.start - (end.start + end.count) <= 2 * CONTEXT)
      last.push(change);
    else hunks.push([change]);
  }
  return hunks;
}
