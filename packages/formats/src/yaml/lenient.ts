import { type Event, parseEvents, YAMLException } from 'js-yaml';
import { MAX_DEPTH } from './limits.ts';

/** How many characters of a file may be parsed once more because of what js-yaml refuses and libyaml reads. */
export interface Allowance {
  left: number;
}

/** Enough for a thousand repairs of everyday documents; about a second. */
export const MOST_PARSED_AGAIN = 10_000_000;

/** A document as it was parsed: `text` is what the events point into. */
export interface LenientParse {
  readonly events: readonly Event[];
  readonly text: string;
}

const PAD = ' '.repeat(128);
const BACKSLASH = 92;
const APOSTROPHE = "'";

/**
 * Parses a document by js-yaml, and where js-yaml is stricter than libyaml, changes the text it sees: lines that go on
 * a flow collection or a quoted scalar are indented, whatever their own indentation, tabs inside flow collections are
 * spaces, and `\'` is an escape that it knows. Values and places are those of the source. It is parsed again for each
 * such line, as long as the file's allowance lasts.
 */
export class LenientParser {
  private readonly source: string;
  private readonly allowance: Allowance;
  /** Starts of the lines that got more indentation, ascending. */
  private readonly padded: number[] = [];
  /** The source with every escape as js-yaml knows it, each character at its place. */
  private readable: string;

  constructor(source: string, allowance: Allowance) {
    this.source = source;
    this.readable = source;
    this.allowance = allowance;
  }

  /** The text as it is parsed: the source with more indentation. */
  get text(): string {
    return this.pad(this.source);
  }

  /** Whether every place of `text` is the same in the source. */
  get isUnmoved(): boolean {
    return this.padded.length === 0;
  }

  /** @throws YAMLException at an offset of `text`. */
  parse(): LenientParse {
    for (;;) {
      try {
        const events = parseEvents(this.pad(this.readable), { maxDepth: MAX_DEPTH });
        return { events, text: this.text };
      } catch (error) {
        if (!(error instanceof YAMLException) || !this.repair(error)) throw error;
      }
    }
  }

  /** Where a place of `text` is in the source. */
  toSource(at: number): number {
    let low = 0;
    let high = this.padded.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.padded[middle] ?? 0) + middle * PAD.length <= at) low = middle + 1;
      else high = middle;
    }
    const line = this.padded[low - 1] ?? 0;
    return Math.max(line, at - low * PAD.length);
  }

  private pad(text: string): string {
    if (this.padded.length === 0) return text;
    const ends = [...this.padded.slice(1), text.length];
    const lines = this.padded.map((start, index) => PAD + text.slice(start, ends[index]));
    return text.slice(0, this.padded[0]) + lines.join('');
  }

  private repair({ reason, mark }: YAMLException): boolean {
    this.allowance.left -= this.source.length + this.padded.length * PAD.length;
    if (this.allowance.left < 0) return false;
    const at = this.toSource(mark?.position ?? 0);
    if (reason === 'deficient indentation') return this.indent(at);
    return reason === 'unknown escape sequence' && this.unescape(at);
  }

  private indent(at: number): boolean {
    const line = Math.max(this.source.lastIndexOf('\n', at - 1), this.source.lastIndexOf('\r', at - 1)) + 1;
    if (this.untab(line, at)) return true;
    if (line === 0 || this.padded.includes(line)) return false;
    this.padded.push(line);
    this.padded.sort((a, b) => a - b);
    return true;
  }

  /** Tabs behind the first text of a line count as indentation that is not enough. */
  private untab(line: number, at: number): boolean {
    const before = this.readable.slice(line, at);
    const content = before.search(/[^ \t]/);
    if (content < 0 || !before.includes('\t', content)) return false;
    const spaced = before.slice(0, content) + before.slice(content).replaceAll('\t', ' ');
    this.readable = this.readable.slice(0, line) + spaced + this.readable.slice(at);
    return true;
  }

  private unescape(at: number): boolean {
    if (this.source[at] !== APOSTROPHE || this.source.charCodeAt(at - 1) !== BACKSLASH) return false;
    this.readable = `${this.readable.slice(0, at)}"${this.readable.slice(at + 1)}`;
    return true;
  }
}
