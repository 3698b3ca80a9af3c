import { childrenOf, isIrregular, type Mapping, orderOf } from './frame.ts';
import { keyText } from './key.ts';
import { MAX_DEPTH } from './limits.ts';
import type { OffsetBuffer } from './offsets.ts';
import { resolveAny, type ScalarValue } from './scalar.ts';
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
  /** Whether the last key is one that JavaScript does not keep in its place. */
  protected isOddKey = false;
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
      key = this.plainKey(text.slice(pos, end));
      this.lastEnd = end;
      this.pos = this.skipSpaces(end);
    }
    if (!this.isColon(this.pos)) giveUp();
    this.pos++;
    this.noteKey(key);
    return key;
  }

  private noteKey(key: string): void {
    this.isOddKey = isIrregular(key);
    if (key === '__proto__') giveUp();
  }

  private plainKey(text: string): string {
    if (text === '<<') giveUp();
    if (typeof resolveAny(text) === 'string') return text;
    try {
      return keyText(text, 'plain');
    } catch {
      // The full parser says what is wrong with it, and where.
      return giveUp();
    }
  }

  /** Ends a mapping whose children may stand in another order than JavaScript gives its keys in. */
  protected endMapping(node: number, odd: Mapping | undefined): void {
    this.out.end(node, this.lastEnd);
    const order = odd === undefined ? undefined : orderOf(odd);
    if (order !== undefined) this.out.permute(node, order);
    this.depth--;
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
    this.lastEnd = ++this.pos;
    this.out.end(node, this.pos);
    this.depth--;
    return list;
  }

  protected flowMapping(keyStart: number): unknown {
    if (++this.depth > MAX_DEPTH) giveUp();
    const map: Record<string, unknown> = {};
    const node = this.out.begin(keyStart, this.pos++);
    let odd: Mapping | undefined;
    for (;;) {
      this.toFlowContent();
      if (this.text.charCodeAt(this.pos) === 125) break;
      const start = this.pos;
      const key = this.flowKey();
      if (Object.hasOwn(map, key)) giveUp();
      if (this.isOddKey) odd ??= this.keepOrder(map, node);
      odd?.children?.push({ key, at: this.out.size });
      this.toFlowContent();
      map[key] = this.flowValue(start);
      if (this.afterFlowItem(125)) break;
    }
    this.lastEnd = ++this.pos;
    this.endMapping(node, odd);
    return map;
  }

  private flowValue(keyStart: number): unknown {
    const code = this.text.charCodeAt(this.pos);
    const { lastEnd } = this;
    return code === COMMA || code === 125
      ? this.leaf(null, { keyStart, start: lastEnd, end: lastEnd })
      : this.flowNode(keyStart);
  }

  /** A mapping from its first odd key on. */
  protected keepOrder(map: Record<string, unknown>, node: number): Mapping {
    const children = childrenOf({ map, node, children: undefined }, this.out);
    return { map, node, children };
  }

  private toFlowContent(): void {
    if (!this.toContent(true)) giveUp();
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
    if (text.charCodeAt(colon) !== COLON) giveUp();
    this.noteKey(key);
    this.lastEnd = close;
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
