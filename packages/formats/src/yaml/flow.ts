import { MAX_DEPTH } from './limits.ts';
import type { OffsetBuffer } from './offsets.ts';
import type { ScalarValue } from './scalar.ts';
import { COLON, COMMA, DOUBLE, giveUp, isIndicator, Scanner, SINGLE } from './scanner.ts';

/** Where a scalar and its key stand. */
interface Place {
  readonly keyStart: number;
  readonly start: number;
  readonly end: number;
}

/** Reads flow collections, keys and scalars, which both styles share. */
export class FlowReader extends Scanner {
  protected readonly out: OffsetBuffer;
  protected lastEnd = 0;
  protected depth = 0;

  constructor(text: string, out: OffsetBuffer) {
    super(text);
    this.out = out;
  }

  protected leaf(value: ScalarValue, { keyStart, start, end }: Place): ScalarValue {
    const node = this.out.begin(keyStart, start);
    this.out.end(node, end);
    this.lastEnd = end;
    return value;
  }

  protected key(): string {
    const { text, pos } = this;
    const code = text.charCodeAt(pos);
    let key: string;
    if (code === DOUBLE || code === SINGLE) {
      const close = this.closeQuote(pos, code);
      if (this.hasLineFeed(pos, close)) giveUp();
      key = this.quoted(pos, close, code);
      this.lastEnd = close;
      this.pos = this.skipSpaces(close);
    } else {
      if (isIndicator(code) || this.isEntry(pos)) giveUp();
      const { end, isKey } = this.plainEnd(pos, false);
      if (!isKey || end === pos) giveUp();
      key = text.slice(pos, end);
      if (key === '<<' || typeof this.plain(key) !== 'string') giveUp();
      this.lastEnd = end;
      this.pos = this.skipSpaces(end);
    }
    if (!this.isColon(this.pos)) giveUp();
    this.pos++;
    if (isIrregular(key)) giveUp();
    return key;
  }

  protected flowSequence(keyStart: number): unknown {
    if (++this.depth > MAX_DEPTH) giveUp();
    const list: unknown[] = [];
    const node = this.out.begin(keyStart, this.pos++);
    for (;;) {
      this.toFlowContent();
      if (this.text.charCodeAt(this.pos) === 93) break;
      list.push(this.flowNode(this.pos));
      if (this.afterFlowItem(93)) break;
    }
    this.closeFlow(node);
    return list;
  }

  protected flowMapping(keyStart: number): unknown {
    if (++this.depth > MAX_DEPTH) giveUp();
    const map: Record<string, unknown> = {};
    const node = this.out.begin(keyStart, this.pos++);
    for (;;) {
      this.toFlowContent();
      if (this.text.charCodeAt(this.pos) === 125) break;
      const start = this.pos;
      const key = this.flowKey();
      if (Object.hasOwn(map, key)) giveUp();
      this.toFlowContent();
      const code = this.text.charCodeAt(this.pos);
      if (code === COMMA || code === 125) giveUp();
      map[key] = this.flowNode(start);
      if (this.afterFlowItem(125)) break;
    }
    this.closeFlow(node);
    return map;
  }

  private closeFlow(node: number): void {
    this.pos++;
    this.lastEnd = this.pos;
    this.out.end(node, this.pos);
    this.depth--;
  }

  private toFlowContent(): void {
    if (!this.toContent()) giveUp();
  }

  /** Whether the collection ends after an item; else there is a comma. */
  private afterFlowItem(close: number): boolean {
    this.toFlowContent();
    const code = this.text.charCodeAt(this.pos);
    if (code === close) return true;
    if (code !== COMMA) giveUp();
    this.pos++;
    return false;
  }

  private flowKey(): string {
    const { text, pos } = this;
    const code = text.charCodeAt(pos);
    if (code !== DOUBLE && code !== SINGLE) {
      // A plain key follows the same rules as in a block, but for the characters that end it.
      const { end } = this.plainEnd(pos, true);
      if (!this.isColon(this.skipSpaces(end))) giveUp();
      return this.key();
    }
    const close = this.closeQuote(pos, code);
    if (this.hasLineFeed(pos, close)) giveUp();
    const key = this.quoted(pos, close, code);
    const colon = this.skipSpaces(close);
    // After a quoted key the value may follow at once, as in JSON.
    if (text.charCodeAt(colon) !== COLON || isIrregular(key)) giveUp();
    this.pos = colon + 1;
    return key;
  }

  private flowNode(keyStart: number): unknown {
    const { text, pos } = this;
    const code = text.charCodeAt(pos);
    if (code === 91) return this.flowSequence(keyStart);
    if (code === 123) return this.flowMapping(keyStart);
    if (code === DOUBLE || code === SINGLE) {
      const close = this.closeQuote(pos, code);
      const value = this.quoted(pos, close, code);
      this.pos = close;
      this.notAKey();
      return this.leaf(value, { keyStart, start: pos, end: close });
    }
    if (isIndicator(code) || code === COLON || this.isEntry(pos)) giveUp();
    const { end, isKey } = this.plainEnd(pos, true);
    if (isKey || end === pos) giveUp();
    this.pos = end;
    this.toFlowContent();
    const next = text.charCodeAt(this.pos);
    if (next !== COMMA && next !== 93 && next !== 125) giveUp();
    return this.leaf(this.plain(text.slice(pos, end)), { keyStart, start: pos, end });
  }

  /** A pair inside a flow sequence is left to the full parser. */
  private notAKey(): void {
    if (this.text.charCodeAt(this.skipSpaces(this.pos)) === COLON) giveUp();
  }
}

/** Keys that JavaScript does not keep in the order in which they are written. */
function isIrregular(key: string): boolean {
  const first = key.charCodeAt(0);
  return (first >= 48 && first <= 57 && /^\d+$/.test(key)) || key === '__proto__';
}
