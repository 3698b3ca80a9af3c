import { isObject } from '@bulwark/core';

/** Picks what a layout leaves open: answers a number below `choices`. */
export type Choose = (choices: number) => number;

type Block = { readonly items: readonly unknown[] } | { readonly entries: Readonly<Record<string, unknown>> };

/** Keys that need no quotes, whatever the reader. */
const PLAIN_KEY = /^(?:[abmo]|(?!true$)[A-Za-z]{4,})$/;

/**
 * Values as somebody may have written them: in block or flow style, with comments, empty lines and odd spacing, so that
 * no layout is taken for granted. Every comment is `# note N` with a number of its own.
 */
export class LayoutPrinter {
  private readonly pick: Choose;
  private readonly step: number;
  private readonly dash: number;
  private notes = 0;

  constructor(pick: Choose) {
    this.pick = pick;
    this.step = [2, 4, 3][pick(3)] ?? 2;
    this.dash = pick(2) === 0 ? 0 : this.step;
  }

  /** A whole document. */
  document(value: Readonly<Record<string, unknown>>): string {
    const start = this.sometimes(4) ? `---${this.comment()}\n` : '';
    const text = `${start}${this.lines(0)}${this.entries(value, 0)}${this.comment()}\n${this.lines(0)}`;
    const ended = this.sometimes(5) ? text.trimEnd() : text;
    const broken = this.sometimes(3) ? ended.replaceAll('\n', '\r\n') : ended;
    return this.sometimes(6) ? `\uFEFF${broken}` : broken;
  }

  private sometimes(often: number): boolean {
    return this.pick(often) === 0;
  }

  private note(): string {
    this.notes++;
    return `# note ${this.notes}`;
  }

  private comment(): string {
    return this.sometimes(4) ? `${' '.repeat(1 + this.pick(3))}${this.note()}` : '';
  }

  /** Lines of their own before something that stands in a column. */
  private lines(column: number): string {
    if (this.sometimes(8)) return '\n';
    return this.sometimes(6) ? `${' '.repeat(column)}${this.note()}\n` : '';
  }

  private entries(value: Readonly<Record<string, unknown>>, column: number): string {
    return Object.entries(value)
      .map(([key, item], index) => {
        const before = index === 0 ? '' : `\n${this.lines(column)}${' '.repeat(column)}`;
        return `${before}${this.key(key)}:${this.below(item, column)}`;
      })
      .join('');
  }

  private key(key: string): string {
    if (PLAIN_KEY.test(key) && this.sometimes(2)) return key;
    return this.sometimes(4) && !key.includes("'") ? `'${key}'` : JSON.stringify(key);
  }

  /** What stands behind the colon of a key, which stands in a column. */
  private below(value: unknown, column: number): string {
    const inner = column + this.step;
    const block = this.blockOf(value);
    if (block !== undefined && 'items' in block) {
      const dash = column + this.dash;
      const items = block.items.map(
        (item) => `\n${this.lines(dash)}${' '.repeat(dash)}${this.item(item, dash)}`,
      );
      return `${this.comment()}${items.join('')}`;
    }
    if (block !== undefined)
      return `${this.comment()}\n${this.lines(inner)}${' '.repeat(inner)}${this.entries(block.entries, inner)}`;
    if (value === null && this.sometimes(2)) return this.comment();
    if (typeof value === 'string' && /^\w[^\n]*\n.*\n$/s.test(value) && this.sometimes(2))
      return this.blockText(value, inner);
    if (this.sometimes(8))
      return `${this.comment()}\n${' '.repeat(inner)}${this.flow(value)}${this.comment()}`;
    return ` ${this.flow(value)}${this.comment()}`;
  }

  private blockText(value: string, column: number): string {
    const lines = value.trimEnd().split('\n');
    return ` |${this.comment()}${lines.map((line) => `\n${line === '' ? '' : ' '.repeat(column)}${line}`).join('')}`;
  }

  /** An item with its dash, which stands in a column. */
  private item(value: unknown, column: number): string {
    const gap = this.sometimes(4) ? 3 : 1;
    const inner = column + 1 + gap;
    const lead = `-${' '.repeat(gap)}`;
    const block = this.blockOf(value);
    if (block === undefined) return `${lead}${this.flow(value)}${this.comment()}`;
    if ('items' in block)
      return `${lead}${block.items.map((item) => this.item(item, inner)).join(`\n${' '.repeat(inner)}`)}`;
    if (this.sometimes(8))
      return `-${this.comment()}\n${' '.repeat(inner)}${this.entries(block.entries, inner)}`;
    return `${lead}${this.entries(block.entries, inner)}`;
  }

  /** What is written in block style; undefined for what stands on one line or in flow style. */
  private blockOf(value: unknown): Block | undefined {
    if (Array.isArray(value)) return value.length > 0 && !this.sometimes(3) ? { items: value } : undefined;
    return isObject(value) && Object.keys(value).length > 0 && !this.sometimes(3)
      ? { entries: value }
      : undefined;
  }

  private flow(value: unknown): string {
    if (typeof value === 'string' && /^[a-z]+$/.test(value) && this.sometimes(2)) return `'${value}'`;
    return this.sometimes(4)
      ? JSON.stringify(value, undefined, 1).replaceAll('\n', `\n${' '.repeat(20)}`)
      : JSON.stringify(value);
  }
}
