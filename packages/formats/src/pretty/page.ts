import type { Severity } from '@bulwark/core';
import type { ReportOptions } from '../report-format.ts';
import { visible, visibleLine } from '../visible.ts';
import { wrap } from './wrap.ts';

/** What a text is, as far as its looks go. */
export type Style = Severity | 'lost' | 'strong' | 'faint';

/**
 * SGR parameters. Orange, yellow and blue stay apart for every kind of colour blindness, as red and green do not; and
 * no meaning hangs on a colour alone, because every label is a word.
 */
const SGR: Readonly<Record<Style, string>> = {
  critical: '1;7;38;5;202',
  high: '1;38;5;202',
  medium: '38;5;220',
  low: '38;5;75',
  info: '2',
  lost: '1;38;5;175',
  strong: '1',
  faint: '2',
};
/** Columns of the labels at the left: the longest, CRITICAL, and two spaces. */
const LABEL_WIDTH = 10;
const LEAST_WIDTH = 40;

/** A labelled text: the label stands at the left of the first line, all lines of the text beside it. */
export interface Entry {
  readonly label?: string;
  readonly style?: Style;
  /** Stands first and is kept whole: a place or a command. */
  readonly whole?: string;
  readonly text: string;
  /** Stands behind the text, two spaces apart. */
  readonly tail?: string;
}

/** Lays out and colours lines. All text goes through here, so that none reaches a terminal raw. */
export class Page {
  /** Columns beside the labels. */
  readonly width: number;
  private readonly color: boolean;

  constructor({ width, color }: Pick<ReportOptions, 'width' | 'color'>) {
    this.width = width === 0 ? Number.POSITIVE_INFINITY : Math.max(LEAST_WIDTH, width) - LABEL_WIDTH;
    this.color = color;
  }

  /** The lines of an entry, each with its end. */
  lines({ label = '', style = 'faint', whole, text, tail }: Entry): string {
    const first = whole === undefined ? '' : visibleLine(whole);
    const body = wrap(visible(text), this.width, first).map((line, index) => {
      const safe = visibleLine(line);
      return index === 0 && first !== '' ? this.paint('strong', first) + safe.slice(first.length) : safe;
    });
    if (tail !== undefined) this.append(body, visible(tail));
    const head =
      label === ''
        ? ' '.repeat(LABEL_WIDTH)
        : this.paint(style, label) + ' '.repeat(LABEL_WIDTH - label.length);
    return body.map((line, index) => `${index === 0 ? head : ' '.repeat(LABEL_WIDTH)}${line}\n`).join('');
  }

  private append(body: string[], tail: string): void {
    const last = body.at(-1);
    if (last !== undefined && last.length + 2 + tail.length <= this.width)
      body[body.length - 1] = `${last}  ${this.paint('faint', tail)}`;
    else body.push(...wrap(tail, this.width).map((line) => this.paint('faint', line)));
  }

  private paint(style: Style, text: string): string {
    return this.color ? `\u001b[${SGR[style]}m${text}\u001b[0m` : text;
  }
}
