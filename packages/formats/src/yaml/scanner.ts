import { CHOMPING_MODE, EVENT_ID, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { portableEscapes } from './escapes.ts';
import { resolvePlain, type ScalarValue } from './scalar.ts';

/** Thrown where a document has something that only the full parser understands; it then reads the document anew. */
class UnusualError extends Error {}

const UNUSUAL = new UnusualError('not for the direct reader');

export function giveUp(): never {
  throw UNUSUAL;
}

/** Runs a reading; undefined when it gave up. */
export function attempt<T>(reading: () => T): { readonly value: T } | undefined {
  try {
    return { value: reading() };
  } catch (error) {
    if (error === UNUSUAL) return undefined;
    throw error;
  }
}

/** Characters that YAML forbids, or that the full parser treats with care. */
const UNUSUAL_TEXT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]/;
const ESCAPES = /^(?:[^\\]|\\(?:[0abtnvfre '"/\\N_LP]|x[0-9a-fA-F]{2}|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}))*$/;

/**
 * A text as the direct reader takes it, every character at its place: `\r\n` as a space and a line feed, which means
 * the same outside block scalars, and a leading byte order mark as a line feed. Undefined for text that is not worth
 * trying: control characters, lone carriage returns, surrogates.
 */
export function usualText(text: string): string | undefined {
  const marked = text.charCodeAt(0) === BYTE_ORDER_MARK ? `\n${text.slice(1)}` : text;
  if (!marked.includes('\r')) return UNUSUAL_TEXT.test(marked) ? undefined : marked;
  // An escaped line break would become an escaped space.
  if (marked.includes('\\\r')) return undefined;
  const usual = marked.replaceAll('\r\n', ' \n');
  return UNUSUAL_TEXT.test(usual) ? undefined : usual;
}

export const LF = 10;
export const SPACE = 32;
export const HASH = 35;
export const COLON = 58;
export const DASH = 45;
export const DOUBLE = 34;
export const SINGLE = 39;
export const COMMA = 44;

const BYTE_ORDER_MARK = 0xfeff;
const ASCII = 128;
const INDICATORS = new Uint8Array(ASCII);
for (const char of ['!', '#', '%', '&', '*', ',', '>', '?', '@', '[', ']', '`', '{', '|', '}', '"', "'"])
  INDICATORS[char.charCodeAt(0)] = 1;

/** Whether a character cannot begin a plain scalar, or leads to what the direct reader leaves to the full parser. */
export function isIndicator(code: number): boolean {
  return INDICATORS[code] === 1;
}

/** Moves over the text of a document; what it meets that it does not know makes it give up. */
export class Scanner {
  protected readonly text: string;
  protected pos = 0;
  protected end = 0;
  protected lineStart = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Whether nothing but white space and a comment is left of the line. */
  protected isLineDone(): boolean {
    const { text, end } = this;
    let at = this.pos;
    while (at < end && text.charCodeAt(at) === SPACE) at++;
    if (at >= end) return true;
    const code = text.charCodeAt(at);
    return code === LF || (code === HASH && at > this.pos);
  }

  /**
   * Moves to the next content, over blank lines and comments; false at the end of the document. Tabs are white space
   * inside flow collections only, and nothing has to stand before a comment there.
   */
  protected toContent(inFlow = false): boolean {
    const { text, end } = this;
    let at = this.pos;
    while (at < end) {
      const code = text.charCodeAt(at);
      if (code === SPACE || (inFlow && code === 9)) at++;
      else if (code === LF) this.lineStart = ++at;
      else if (code === HASH && (inFlow || at === this.lineStart || text.charCodeAt(at - 1) === SPACE)) {
        const eol = text.indexOf('\n', at);
        at = eol < 0 || eol >= end ? end : eol;
      } else if (code === 9) giveUp();
      else {
        this.pos = at;
        return true;
      }
    }
    this.pos = end;
    return false;
  }

  protected isEntry(at: number): boolean {
    if (this.text.charCodeAt(at) !== DASH) return false;
    const next = this.text.charCodeAt(at + 1);
    return at + 1 >= this.end || next === SPACE || next === LF;
  }

  protected hasLineFeed(from: number, to: number): boolean {
    // Not indexOf, which would look through the rest of a file without line feeds for every key.
    for (let at = from; at < to; at++) if (this.text.charCodeAt(at) === LF) return true;
    return false;
  }

  protected skipSpaces(at: number): number {
    let next = at;
    while (next < this.end && this.text.charCodeAt(next) === SPACE) next++;
    return next;
  }

  protected isColon(at: number): boolean {
    if (this.text.charCodeAt(at) !== COLON) return false;
    const next = this.text.charCodeAt(at + 1);
    return at + 1 >= this.end || next === SPACE || next === LF;
  }

  /** Where a plain scalar ends on its line, and whether a colon makes it a key. */
  protected plainEnd(start: number, inFlow: boolean): { readonly end: number; readonly isKey: boolean } {
    const { text, end } = this;
    let last = start;
    for (let at = start; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === SPACE) continue;
      if (code === LF) break;
      if (code === 9) giveUp();
      if (code === COLON) {
        const next = text.charCodeAt(at + 1);
        if (at + 1 >= end || next === SPACE || next === LF) return { end: last, isKey: true };
        if (next === 9 || (inFlow && isFlowEnd(next))) giveUp();
      } else if (code === HASH && text.charCodeAt(at - 1) === SPACE) break;
      else if (inFlow && (isFlowEnd(code) || code === 91 || code === 123)) break;
      last = at + 1;
    }
    return { end: last, isKey: false };
  }

  protected plain(text: string): ScalarValue {
    try {
      return resolvePlain(text);
    } catch {
      // The full parser says what is wrong with it, and where.
      return giveUp();
    }
  }

  protected endOfLine(): void {
    if (!this.isLineDone()) giveUp();
  }

  /** The place after the closing quote of a quoted scalar. */
  protected closeQuote(start: number, quote: number): number {
    const { text, end } = this;
    for (let at = start + 1; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === 92 && quote === DOUBLE) at++;
      else if (code === quote) {
        if (quote === DOUBLE || text.charCodeAt(at + 1) !== SINGLE) return at + 1;
        at++;
      }
    }
    return giveUp();
  }

  protected quoted(start: number, close: number, quote: number): string {
    const raw = this.text.slice(start + 1, close - 1);
    if (
      quote === SINGLE
        ? !raw.includes("'") && !raw.includes('\n')
        : !raw.includes('\\') && !raw.includes('\n')
    )
      return raw;
    if (quote === DOUBLE && !ESCAPES.test(raw)) giveUp();
    const style = quote === DOUBLE ? SCALAR_STYLE.DOUBLE_QUOTED : SCALAR_STYLE.SINGLE_QUOTED;
    const known = quote === DOUBLE ? portableEscapes(raw) : raw;
    return getScalarValue(known, scalarEvent(style, 0, known.length));
  }
}

function isFlowEnd(code: number): boolean {
  return code === COMMA || code === 93 || code === 125;
}

/** An event as the full parser makes it, so that its text is decoded by the same code. */
export function scalarEvent(style: ScalarEvent['style'], valueStart: number, valueEnd: number): ScalarEvent {
  const none = { anchorStart: -1, anchorEnd: -1, tagStart: -1, tagEnd: -1 };
  return {
    type: EVENT_ID.SCALAR,
    valueStart,
    valueEnd,
    ...none,
    style,
    chomping: CHOMPING_MODE.CLIP,
    indent: -1,
    fast: false,
  };
}
