import { MUTANTS, NASTY_SCALARS } from './nasty.ts';

/** Answers a whole number from 0 below a limit. */
export type Choose = (limit: number) => number;

const TAGS = [
  '!!str',
  '!!int',
  '!!float',
  '!!bool',
  '!!null',
  '!!binary',
  '!!timestamp',
  '!foo',
  '!',
  '!!map',
];
const NAMES = [
  'a',
  'b',
  'c',
  'd',
  'key',
  'a b',
  'spec',
  '__proto__',
  '10',
  '2',
  'constructor',
  '',
  'on',
  '1.5',
];
const CHOMPINGS = ['', '-', '+', '2', '1-', '+1', '4', '-2'];
const DOUBLE = [
  'a',
  ' ',
  '\\n',
  '\\t',
  '\\"',
  '\\\\',
  '\\x41',
  '\\u00e9',
  '\\U0001F600',
  "\\'",
  '\\ ',
  '#',
  ': ',
];
const MAX_DEPTH = 5;

/** Prints one random YAML document in many styles: mostly valid, often odd. Every choice comes from `choose`. */
export function randomDocument(choose: Choose): string {
  return new Printer(choose).document();
}

/** A text with a few characters, lines or pieces of it taken out, repeated, moved or replaced. */
export function mutate(text: string, choose: Choose): string {
  let mutated = text;
  for (let round = choose(4); round >= 0; round--) {
    const at = choose(mutated.length + 1);
    const to = Math.min(mutated.length, at + choose(choose(4) === 0 ? 40 : 3));
    const piece = mutated.slice(at, to);
    const from = choose(mutated.length + 1);
    const put = [
      '',
      piece + piece,
      MUTANTS[choose(MUTANTS.length)] ?? '',
      mutated.slice(from, from + choose(20)),
      NASTY_SCALARS[choose(NASTY_SCALARS.length)] ?? '',
    ][choose(5)];
    mutated = mutated.slice(0, at) + (put ?? '') + mutated.slice(to);
  }
  return mutated;
}

class Printer {
  private readonly choose: Choose;
  private readonly anchors: string[] = [];
  private size = 40;

  constructor(choose: Choose) {
    this.choose = choose;
  }

  document(): string {
    const head = this.pick(['', '', '', '', '# head\n', '---\n', '--- # c\n', '%YAML 1.1\n---\n', '\n\n']);
    const kind = this.choose(8);
    const body =
      kind < 5
        ? this.mapping(0, 0)
        : kind === 5
          ? this.sequence(0, 0)
          : kind === 6
            ? `${this.flow(0)}\n`
            : `${this.scalar(0, false)}\n`;
    const text = head + body + this.pick(['', '', '', '...\n', '# end', '\n']);
    const marked = this.one(20) ? `\ufeff${text}` : text;
    if (this.one(10)) return marked.replaceAll('\n', '\r\n');
    return this.one(10) ? marked.replace(/\n$/, '') : marked;
  }

  private one(of: number): boolean {
    return this.choose(of) === 0;
  }

  private pick<T>(list: readonly T[]): T {
    const item = list[this.choose(list.length)];
    if (item === undefined) throw new Error('the list is empty');
    return item;
  }

  private lines(count: number, line: (index: number) => string): string {
    return Array.from({ length: count }, (_, index) => line(index)).join('');
  }

  private pad(indent: number): string {
    return ' '.repeat(indent);
  }

  private mapping(indent: number, depth: number): string {
    return this.lines(1 + this.choose(4), (index) => {
      if (this.one(12) && this.anchors.length > 0) return `${this.pad(indent)}<<: ${this.mergeSource()}\n`;
      const key = this.key(index);
      if (this.one(25))
        return `${this.pad(indent)}? ${key}\n${this.pad(indent)}:${this.value(indent, depth)}`;
      return `${this.pad(indent)}${key}:${this.value(indent, depth)}${this.between(indent)}`;
    });
  }

  private mergeSource(): string {
    const alias = `*${this.pick(this.anchors)}`;
    return this.pick([alias, `[${alias}, {b: 1}]`, '{b: 1, c: {d: 2}}', `[${alias}]`]);
  }

  private key(index: number): string {
    const kind = this.choose(10);
    const name = `${this.pick(NAMES)}${this.one(4) ? '' : index}`;
    if (kind === 0) return this.pick(NASTY_SCALARS);
    if (kind === 1) return JSON.stringify(name);
    if (kind === 2) return `'${name}'`;
    return name === '' ? 'empty' : name;
  }

  /** Blank lines and comments between pairs, at any indentation. */
  private between(indent: number): string {
    return this.one(8) ? this.pick(['\n', '# c\n', `${this.pad(indent + 3)}# c\n`, '   \n', '\t\n']) : '';
  }

  private sequence(indent: number, depth: number): string {
    return this.lines(1 + this.choose(3), () => {
      const compact = this.one(4) && depth < MAX_DEPTH;
      if (!compact) return `${this.pad(indent)}-${this.value(indent, depth)}${this.between(indent)}`;
      const inner = this.one(3) ? this.sequence(indent + 2, depth + 1) : this.mapping(indent + 2, depth + 1);
      return `${this.pad(indent)}- ${inner.trimStart()}`;
    });
  }

  private properties(): string {
    const anchor = this.one(10) ? `&${this.anchor()} ` : '';
    const tag = this.one(12) ? `${this.pick(TAGS)} ` : '';
    return this.one(2) ? anchor + tag : tag + anchor;
  }

  private anchor(): string {
    const name = this.pick(['a', 'b', 'c']);
    this.anchors.push(name);
    return name;
  }

  /** What stands after a key's colon or an entry's dash, to the end of its last line. */
  private value(indent: number, depth: number): string {
    this.size--;
    const deeper = indent + 1 + this.choose(3);
    const isLeaf = depth >= MAX_DEPTH || this.size < 0;
    const kind = this.choose(isLeaf ? 7 : 12);
    if (kind === 0) return this.pick(['\n', ' \n', ' # c\n', ` ${this.properties().trimEnd()}\n`]);
    if (kind === 1) return ` ${this.properties()}${this.block(indent, deeper)}`;
    if (kind === 2 && this.anchors.length > 0) return ` *${this.pick(this.anchors)}\n`;
    if (kind === 3) return ` ${this.properties()}${this.flow(indent)}${this.comment()}\n`;
    if (kind < 8)
      return `${this.pick([' ', ' ', '  ', '\t'])}${this.properties()}${this.scalar(deeper, false)}${this.comment()}\n`;
    const start = this.one(6) ? ` ${this.properties().trimEnd()}${this.comment()}\n` : '\n';
    if (kind === 8) return start + this.sequence(this.one(2) ? indent : deeper, depth + 1);
    return start + this.mapping(deeper, depth + 1);
  }

  private comment(): string {
    return this.one(10) ? this.pick([' # c', '  #c: d', '\t# c', ' #']) : '';
  }

  private block(indent: number, deeper: number): string {
    const header = this.pick(['|', '>']) + this.pick(CHOMPINGS);
    const given = /\d/.exec(header)?.[0];
    const column = given === undefined ? deeper : Math.max(indent + Number(given), 1);
    const text = this.lines(1 + this.choose(4), () => {
      const kind = this.choose(8);
      if (kind === 0) return '\n';
      if (kind === 1) return `${this.pad(this.choose(column + 2))}\n`;
      const more = kind === 2 ? '  ' : kind === 3 ? '\t' : '';
      return `${this.pad(column)}${more}${this.pick(NASTY_SCALARS)}${this.one(9) ? ' ' : ''}\n`;
    });
    return `${header}${this.comment()}\n${text}`;
  }

  private scalar(indent: number, inFlow: boolean): string {
    const kind = this.choose(9);
    const fold = this.one(8) ? this.pick(['\n', '\n\n', ' \n', '\n\n\n']) + this.pad(indent) : ' ';
    if (kind === 0) return `"${this.lines(this.choose(5), () => this.pick(DOUBLE))}${fold}x"`;
    if (kind === 1) return `'${this.pick(NASTY_SCALARS).replaceAll("'", "''")}${fold}x'`;
    if (kind === 2) return JSON.stringify(this.pick(NASTY_SCALARS));
    if (kind === 3) return `${this.pick(NASTY_SCALARS)}${fold}${this.pick(['b', '1', 'c d'])}`;
    if (kind === 4) return this.pick(['a', 'b1', 'x-y', 'nginx']);
    const scalar = this.pick(NASTY_SCALARS);
    return inFlow && this.one(2) ? scalar.replaceAll(/[,[\]{}?]/g, '_') : scalar;
  }

  private flow(indent: number): string {
    return this.flowNode(indent + this.choose(3), 2 + this.choose(2));
  }

  private flowNode(indent: number, depth: number): string {
    this.size--;
    const isMap = this.one(2);
    const items = Array.from({ length: this.choose(4) }, (_, index) => {
      const value =
        depth > 0 && this.size > 0 && this.one(3) ? this.flowNode(indent, depth - 1) : this.flowLeaf(indent);
      if (!isMap) return this.one(8) ? `${this.key(index)}: ${value}` : value;
      if (this.one(10)) return this.key(index);
      const quoted = this.one(4) ? `${JSON.stringify(this.pick(NAMES))}:` : `${this.key(index)}: `;
      return `${quoted}${value}`;
    });
    const gap = this.pick(['', ' ', ' ', `\n${this.pad(indent)}`, '\n', ' # c\n', '\n\t']);
    const body = items.join(`,${gap === '' ? ' ' : gap}`) + (items.length > 0 && this.one(6) ? ',' : '');
    return isMap ? `{${gap}${body}${gap}}` : `[${gap}${body}${gap}]`;
  }

  private flowLeaf(indent: number): string {
    if (this.one(12) && this.anchors.length > 0) return `*${this.pick(this.anchors)} `;
    return this.properties() + this.scalar(indent + 1, true);
  }
}
