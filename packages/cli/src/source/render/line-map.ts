const KEY = /^(?:- )*("?[\w./~-]+"?):(?:\s|$)/;

interface TemplateLines {
  readonly exact: ReadonlyMap<string, readonly number[]>;
  readonly keys: ReadonlyMap<string, readonly number[]>;
}

function indexLines(lines: readonly string[], from: number, to: number): TemplateLines {
  const exact = new Map<string, number[]>();
  const keys = new Map<string, number[]>();
  const add = (index: Map<string, number[]>, text: string, line: number): void => {
    const known = index.get(text);
    if (known === undefined) index.set(text, [line]);
    else known.push(line);
  };
  for (let line = from; line < to; line++) {
    const text = (lines[line] ?? '').trim();
    if (text === '' || text.startsWith('#')) continue;
    add(exact, text, line);
    const key = KEY.exec(text)?.[1];
    if (key !== undefined) add(keys, key, line);
  }
  return { exact, keys };
}

/** The first candidate at or after a line, else the last before it: loops and reordered keys lead back. */
function nearestLine(candidates: readonly number[] | undefined, at: number): number | undefined {
  if (candidates === undefined) return undefined;
  let low = 0;
  let high = candidates.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((candidates[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return candidates[low] ?? candidates.at(-1);
}

/**
 * For every line of a rendered text the line of its template, from 1: the same text, else the same key, nearest to
 * where the line before came from; a line that the template does not have stands where the line before does.
 *
 * @param range the part of the template that can have made it, as line indexes; all of it by default.
 */
export function mapLines(
  rendered: string,
  template: string,
  range?: { readonly from: number; readonly to: number },
): Uint32Array {
  const lines = template.split(/\r?\n/);
  const { from, to } = range ?? { from: 0, to: lines.length };
  const { exact, keys } = indexLines(lines, from, to);
  const renderedLines = rendered.split(/\r?\n/);
  const map = new Uint32Array(renderedLines.length);
  let at = from;
  for (const [index, line] of renderedLines.entries()) {
    const text = line.trim();
    const key = KEY.exec(text)?.[1];
    const found =
      nearestLine(exact.get(text), at) ?? (key === undefined ? undefined : nearestLine(keys.get(key), at));
    if (found !== undefined) at = found + 1;
    map[index] = Math.max(found === undefined ? at : found + 1, 1);
  }
  return map;
}
