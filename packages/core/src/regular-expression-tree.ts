import { err, ok, type Result } from './result.ts';

/** Where an expression asks what stands around a place: `^`, `$`, `\b` and `\B`. */
export type Edge = 'start' | 'end' | 'word' | 'no-word';

/** A regular expression, taken apart. */
export type Expression =
  /** One character that fits a piece of the expression: a letter, an escape, a class, or a dot. */
  | { readonly is: 'character'; readonly source: string }
  | { readonly is: 'edge'; readonly edge: Edge }
  | { readonly is: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly is: 'choice'; readonly among: readonly Expression[] }
  /** `most` may be infinite. */
  | { readonly is: 'repetition'; readonly of: Expression; readonly least: number; readonly most: number };

/** Why a text is no regular expression, or not one that can be matched in bounded time. */
export interface ExpressionError {
  readonly message: string;
}

const ESCAPE = /\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[dD][89abAB]..\\u[dD][c-fC-F]..|u.{4}|x..|c.|.)/suy;
const CLASS = /\[(?:\\.|[^\]\\])*\]/suy;
const CHARACTER = /./suy;
const REPETITION = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/y;
const GROUP = /\((?:\?:|\?<(?![=!])[^>]*>|(?!\?))/y;
const EDGES: Readonly<Record<string, Edge>> = { '^': 'start', $: 'end', '\\b': 'word', '\\B': 'no-word' };
/** Patterns nest at most half as deeply as they are long. */
const LONGEST = 2000;

/**
 * Takes an expression in JavaScript's syntax, with the flag `u`, apart. Refused is what only an engine that goes back can
 * match: `(?=`, `(?!`, `(?<=`, `(?<!`, `\1` and `\k<name>`.
 */
export function parseExpression(text: string): Result<Expression, ExpressionError> {
  if (text.length > LONGEST) return err({ message: `it is longer than ${LONGEST} characters` });
  try {
    new RegExp(text, 'u');
  } catch {
    // The one way to ask whether the syntax is right; from here on it is.
    return err({ message: 'its syntax is wrong' });
  }
  const parser = new Parser(text);
  const tree = parser.choice();
  return parser.refused === undefined ? ok(tree) : err({ message: parser.refused });
}

/** Reads an expression whose syntax is known to be right. */
class Parser {
  /** What it holds that cannot be matched in bounded time. */
  refused: string | undefined;
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  choice(): Expression {
    const among = [this.sequence()];
    while (this.text[this.at] === '|') {
      this.at++;
      among.push(this.sequence());
    }
    const [only] = among;
    return among.length === 1 && only !== undefined ? only : { is: 'choice', among };
  }

  private sequence(): Expression {
    const parts: Expression[] = [];
    while (
      this.refused === undefined &&
      this.at < this.text.length &&
      !'|)'.includes(this.text[this.at] ?? '')
    )
      parts.push(this.repetition());
    return { is: 'sequence', parts };
  }

  private repetition(): Expression {
    const of = this.item();
    const [sign, exactly, comma, upTo] = this.take(REPETITION) ?? [];
    if (sign === undefined) return of;
    if (exactly === undefined)
      return {
        is: 'repetition',
        of,
        least: sign.startsWith('+') ? 1 : 0,
        most: sign.startsWith('?') ? 1 : Infinity,
      };
    const least = Number(exactly);
    const most = comma === '' ? least : upTo === '' ? Infinity : Number(upTo);
    return { is: 'repetition', of, least, most };
  }

  private item(): Expression {
    if (this.text[this.at] === '(') return this.group();
    const [source = ''] = this.take(CLASS) ?? this.take(ESCAPE) ?? this.take(CHARACTER) ?? [];
    const edge = Object.hasOwn(EDGES, source) ? EDGES[source] : undefined;
    if (edge !== undefined) return { is: 'edge', edge };
    if (/^\\[1-9k]/.test(source)) this.refuse('refers back to a group', source);
    return { is: 'character', source };
  }

  private group(): Expression {
    if (this.take(GROUP) === undefined) {
      this.refuse('looks around or sets flags', this.text.slice(this.at, this.at + '(?<!'.length));
      return { is: 'sequence', parts: [] };
    }
    const inner = this.choice();
    this.at++;
    return inner;
  }

  private refuse(what: string, source: string): void {
    this.refused ??= `it ${what} with ${source}, which takes unbounded time`;
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text) ?? undefined;
    if (found !== undefined) this.at += found[0].length;
    return found;
  }
}
