import { stringAt } from '@bulwark/core';
import { readDocuments, splitDocuments } from '@bulwark/formats';

const KEY = /^(?:- )*("?[\w./~-]+"?):(?:\s|$)/;

/** Part of a template, as line indexes; the end is exclusive. */
interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** A document of a template: where it is, and what it says it is. */
interface TemplateDocument {
  readonly range: LineRange;
  readonly kind: string;
  readonly name: string;
}

/** Most documents that are compared line by line; a template with more is taken to render in its own order. */
const MOST_COMPARED = 20;

/** A template, or a file that an overlay builds on, with what it takes to find where rendered lines come from. */
export class TemplateSource {
  private readonly lines: readonly string[];
  private readonly exact = new Map<string, number[]>();
  private readonly keys = new Map<string, number[]>();
  private readonly documents: readonly TemplateDocument[];
  private readonly byName = new Map<string, TemplateDocument>();
  private readonly byKind = new Map<string, TemplateDocument[]>();
  private last = 0;

  constructor(text: string) {
    this.lines = text.split(/\r?\n/);
    for (const [line, whole] of this.lines.entries()) {
      const content = whole.trim();
      if (!isContent(content)) continue;
      add(this.exact, content, line);
      const key = KEY.exec(content)?.[1];
      if (key !== undefined) add(this.keys, key, line);
    }
    this.documents = documentsOf(text);
    for (const document of this.documents) {
      this.byName.set(`${document.kind}/${document.name}`, document);
      add(this.byKind, document.kind, document);
    }
  }

  /**
   * For every line of a rendered object the line of the template, from 1: the same text, else the same key, below what
   * made the lines around it and nearest to where the line before came from. A line that the template does not have,
   * such as one from `toYaml`, stands at the action after the line before, else where that one does.
   */
  map(rendered: string): Uint32Array {
    const whole = this.rangeOf(rendered) ?? { from: 0, to: this.lines.length };
    const renderedLines = rendered.split(/\r?\n/);
    const map = new Uint32Array(renderedLines.length);
    const around: { readonly depth: number; readonly range: LineRange }[] = [{ depth: -1, range: whole }];
    let at = whole.from;
    for (const [index, line] of renderedLines.entries()) {
      const text = line.trim();
      // An action after the line before is most likely what made a line that the template does not have.
      const isMade = at > 0 && (this.lines[at] ?? '').trimStart().startsWith('{{');
      map[index] = isMade ? at + 1 : Math.max(at, 1);
      if (!isContent(text)) continue;
      const depth = depthOf(line);
      while ((around.at(-1)?.depth ?? -1) >= depth) around.pop();
      const scope = around.at(-1)?.range ?? whole;
      const found = this.find(text, scope, at);
      around.push({ depth, range: found === undefined ? scope : this.below(found, scope) });
      if (found === undefined) continue;
      at = found + 1;
      map[index] = at;
    }
    return map;
  }

  /**
   * The part of the source that made a rendered object: the document of its kind with its name, else with the longest
   * name that is part of it, else the one that has most of its lines. Undefined where there is nothing to choose.
   */
  private rangeOf(rendered: string): LineRange | undefined {
    if (this.documents.length < 2) return undefined;
    const value = readDocuments(rendered).documents[0]?.value;
    const kind = stringAt(value, 'kind') ?? '';
    const name = stringAt(value, 'metadata', 'name') ?? '';
    const same = this.byName.get(`${kind}/${name}`);
    if (same !== undefined) return same.range;
    const ofKind = this.byKind.get(kind) ?? [];
    const next = firstFrom(
      ofKind.map(({ range }) => range.from),
      this.last,
    );
    const candidates = ofKind.length > MOST_COMPARED ? ofKind.slice(next, next + MOST_COMPARED) : ofKind;
    const own = new Set(rendered.split(/\r?\n/).map((line) => line.trim()));
    const scored = candidates.map((document) => ({ document, score: this.score(document, name, own) }));
    const best = scored.reduce<(typeof scored)[number] | undefined>(
      (a, b) => (a === undefined || b.score > a.score ? b : a),
      undefined,
    );
    if (best !== undefined) this.last = best.document.range.from;
    return best?.document.range;
  }

  private score({ range, name }: TemplateDocument, rendered: string, own: ReadonlySet<string>): number {
    if (name !== '' && rendered.includes(name)) return name.length * 1_000_000;
    return this.lines.slice(range.from, range.to).filter((line) => own.has(line.trim())).length;
  }

  /** The line in a range that made a rendered one: the same text, else the same key, nearest to a place. */
  private find(text: string, range: LineRange, at: number): number | undefined {
    const key = KEY.exec(text)?.[1];
    return (
      nearestLine(this.exact.get(text), range, at) ??
      (key === undefined ? undefined : nearestLine(this.keys.get(key), range, at))
    );
  }

  /** What lies below a line: all that is indented deeper, up to the end of the range. */
  private below(line: number, { to }: LineRange): LineRange {
    const depth = depthOf(this.lines[line] ?? '');
    let end = line + 1;
    for (; end < to; end++) {
      const text = this.lines[end] ?? '';
      if (isContent(text.trim()) && depthOf(text) <= depth) break;
    }
    return { from: line + 1, to: end };
  }
}

/** The documents of a template, as far as they can be told apart without rendering it. */
function documentsOf(text: string): TemplateDocument[] {
  const slices = splitDocuments(text);
  if (slices.length < 2) return [];
  let line = 0;
  let seen = 0;
  const lineAt = (offset: number): number => {
    for (let at = text.indexOf('\n', seen); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
      line++;
      seen = at + 1;
    }
    return line;
  };
  return slices.map(({ start, end }) => {
    const source = text.slice(start, end);
    const value = readDocuments(source).documents[0]?.value;
    const from = lineAt(start);
    return {
      range: { from, to: lineAt(end) + 1 },
      kind: stringAt(value, 'kind') ?? /^kind: *(\S+)/m.exec(source)?.[1] ?? '',
      name: stringAt(value, 'metadata', 'name') ?? '',
    };
  });
}

function add<T>(index: Map<string, T[]>, key: string, item: T): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [item]);
  else known.push(item);
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
