/** One UTF-16 unit of a word, or a quotation mark with an empty `char`. */
export interface Cell {
  readonly char: string;
  /** Neither quoted nor escaped, so that it may be an operator or a wildcard. */
  readonly isPlain: boolean;
  /** Where it is written. */
  readonly at: number;
}

/** A piece of a query's text, `to` excluded; only a word has cells. */
export interface Token {
  readonly type: 'open' | 'close' | 'minus' | 'and' | 'or' | 'not' | 'word';
  readonly from: number;
  readonly to: number;
  readonly cells: readonly Cell[];
}

/** The pieces of a text; `openQuote` is where a quotation begins that never ends. */
export interface Tokens {
  readonly tokens: readonly Token[];
  readonly openQuote?: number;
}

const KEYWORDS = { AND: 'and', OR: 'or', NOT: 'not' } as const;
const SIGNS = { '(': 'open', ')': 'close', '-': 'minus' } as const;
const NO_CELLS: readonly Cell[] = [];

/** Takes the text of a query apart. Blanks separate words unless quoted or escaped; never fails; linear. */
export function tokenize(text: string): Tokens {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (isBlank(char)) at++;
    else if (isSign(char)) {
      tokens.push({ type: SIGNS[char], from: at, to: at + 1, cells: NO_CELLS });
      at++;
    } else {
      const word = readWord(text, at);
      tokens.push(word.token);
      if (word.openQuote !== undefined) return { tokens, openQuote: word.openQuote };
      at = word.token.to;
    }
  }
  return { tokens };
}

/** The text of cells, quotes and escapes resolved. */
export function textOf(cells: readonly Cell[]): string {
  return cells.map(({ char }) => char).join('');
}

function isSign(char: string): char is keyof typeof SIGNS {
  return Object.hasOwn(SIGNS, char);
}

function isBlank(char: string): boolean {
  return /\s/.test(char);
}

function readWord(text: string, from: number): { token: Token; openQuote?: number } {
  const cells: Cell[] = [];
  let quote: number | undefined;
  let at = from;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (quote === undefined && (isBlank(char) || char === '(' || char === ')')) break;
    if (char === '"') {
      if (quote === undefined) cells.push({ char: '', isPlain: false, at });
      quote = quote === undefined ? at : undefined;
    } else if (char === '\\' && at + 1 < text.length) {
      at++;
      cells.push({ char: text[at] ?? '', isPlain: false, at: at - 1 });
    } else cells.push({ char, isPlain: quote === undefined, at });
    at++;
  }
  const token = { type: keywordOf(cells), from, to: at, cells };
  return quote === undefined ? { token } : { token, openQuote: quote };
}

function keywordOf(cells: readonly Cell[]): 'and' | 'or' | 'not' | 'word' {
  const word = textOf(cells);
  const isKeyword = Object.hasOwn(KEYWORDS, word) && cells.every(({ isPlain }) => isPlain);
  return isKeyword ? KEYWORDS[word as keyof typeof KEYWORDS] : 'word';
}
