import { get, stringAt } from '@bulwark/core';
import { readDocuments, splitDocuments } from '@bulwark/formats';

const KEY = /^(?:- )*("?[\w./~-]+"?):(?:\s|$)/;

/** Part of a template, as line indexes; the end is exclusive. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** A template's lines by what is written on them. */
class TemplateLines {
  private readonly lines: readonly string[];
  private readonly exact = new Map<string, number[]>();
  private readonly keys = new Map<string, number[]>();

  constructor(lines: readonly string[]) {
    this.lines = lines;
    for (const [line, whole] of lines.entries()) {
      const text = whole.trim();
      if (!isContent(text)) continue;
      add(this.exact, text, line);
      const key = KEY.exec(text)?.[1];
      if (key !== undefined) add(this.keys, key, line);
    }
  }

  /** The line in a range that made a rendered one: the same text, else the same key, nearest to a place. */
  find(text: string, range: LineRange, at: number): number | undefined {
    const key = KEY.exec(text)?.[1];
    return (
      nearestLine(this.exact.get(text), range, at) ??
      (key === undefined ? undefined : nearestLine(this.keys.get(key), range, at))
    );
  }

  /** What lies below a line: all that is indented deeper, up to the end of the range. */
  below(line: number, { to }: LineRange): LineRange {
    const depth = depthOf(this.lines[line] ?? '');
    let end = line + 1;
    for (; end < to; end++) {
      const text = this.lines[end] ?? '';
      if (isContent(text.trim()) && depthOf(text) <= depth) break;
    }
    return { from: line + 1, to: end };
  }
}

function add(index: Map<string, number[]>, text: string, line: number): void {
  const known = index.get(text);
  if (known === undefined) index.set(text, [line]);
  else known.push(line);
}

/** Neither empty, nor a comment, nor a template's action, whose indentation means nothing. */
function isContent(text: string): boolean {
  return text !== '' && !text.startsWith('#') && !text.startsWith('{{');
}

/** How deep a line stands; an item of a list is below the key that stands at the same indentation. */
function depthOf(line: string): number {
  const text = line.trimStart();
  return (line.length - text.length) * 2 + (text.startsWith('- ') ? 1 : 0);
}

/** The first candidate at or after a line, else the last before it: loops and reordered keys lead back. */
function nearestLine(
  candidates: readonly number[] | undefined,
  { from, to }: LineRange,
  at: number,
): number | undefined {
  if (candidates === undefined) return undefined;
  const after = candidates[firstFrom(candidates, Math.max(at, from))];
  if (after !== undefined && after < to) return after;
  const before = candidates[firstFrom(candidates, Math.min(at, to)) - 1];
  return before !== undefined && before >= from ? before : undefined;
}

/** The index of the first candidate that is not before a line. */
function firstFrom(candidates: readonly number[], line: number): number {
  let low = 0;
  let high = candidates.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((candidates[middle] ?? 0) < line) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * For every line of a rendered text the line of its template, from 1: the same text, else the same key, below what
 * made the lines around it and nearest to where the line before came from. A line that the template does not have,
 * such as one from `toYaml`, stands where the line before does.
 *
 * @param range the part of the template that can have made it; all of it by default.
 */
export function mapLines(rendered: string, template: string, range?: LineRange): Uint32Array {
  const lines = template.split(/\r?\n/);
  const source = new TemplateLines(lines);
  const whole = range ?? { from: 0, to: lines.length };
  const renderedLines = rendered.split(/\r?\n/);
  const map = new Uint32Array(renderedLines.length);
  const around: { readonly depth: number; readonly range: LineRange }[] = [{ depth: -1, range: whole }];
  let at = whole.from;
  for (const [index, line] of renderedLines.entries()) {
    const text = line.trim();
    map[index] = Math.max(at, 1);
    if (!isContent(text)) continue;
    const depth = depthOf(line);
    while ((around.at(-1)?.depth ?? -1) >= depth) around.pop();
    const scope = around.at(-1)?.range ?? whole;
    const found = source.find(text, scope, at);
    around.push({ depth, range: found === undefined ? scope : source.below(found, scope) });
    if (found === undefined) continue;
    at = found + 1;
    map[index] = at;
  }
  return map;
}

/**
 * The part of a source file that made a rendered object: the document of its kind with its name, else with the longest
 * name that is part of it, else the one that has most of its lines.
 */
export function rangeOf(text: string, template: string): LineRange | undefined {
  const slices = splitDocuments(template);
  if (slices.length < 2) return undefined;
  const rendered = readDocuments(text).documents[0]?.value;
  const kind = stringAt(rendered, 'kind') ?? '';
  const name = stringAt(rendered, 'metadata', 'name') ?? '';
  const own = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const candidates = slices.map(({ start, end }) => {
    const source = template.slice(start, end);
    const value = readDocuments(source).documents[0]?.value;
    const itsKind = stringAt(value, 'kind') ?? /^kind: *(\S+)/m.exec(source)?.[1];
    const itsName = String(get(value, 'metadata', 'name') ?? '');
    const shared = source.split(/\r?\n/).filter((line) => own.has(line.trim())).length;
    const named = itsName !== '' && name.includes(itsName) ? itsName.length * 1000 : 0;
    return { start, end, score: itsKind === kind ? named + shared + 1 : 0 };
  });
  const best = candidates.reduce((a, b) => (b.score > a.score ? b : a));
  if (best.score === 0) return undefined;
  const lineOf = (offset: number): number => template.slice(0, offset).split('\n').length - 1;
  return { from: lineOf(best.start), to: lineOf(best.end) + 1 };
}
