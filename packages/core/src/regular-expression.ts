import { compileExpression, type Program, type State } from './regular-expression-program.ts';
import { type ExpressionError, parseExpression } from './regular-expression-tree.ts';
import { err, ok, type Result } from './result.ts';

/** What stands before a place in a text, as far as it matters. */
type Before = 'nothing' | 'word' | 'other';

/** Where matching stands between two characters: in several states at once. */
interface Stand {
  readonly states: readonly number[];
  readonly before: Before;
  /** Where a character leads, or the end of the text, which is the empty one; filled as it is asked for. */
  readonly ways: Map<string, Stand | boolean>;
}

/** How many stands, and ways between them, are remembered before all are forgotten. */
const MOST_STANDS = 500;
const MOST_WAYS = 10_000;

/**
 * A regular expression whose matching takes time in proportion to the text, whatever stands in either. JavaScript's own
 * engine goes back and tries again, so that `^(a+)+$` takes minutes for forty characters, and the text comes from
 * whoever writes a manifest. This one follows all ways at once and remembers where they led (Thompson 1968; RE2 does the
 * same).
 */
export class RegularExpression {
  private readonly program: Program;
  private readonly stands = new Map<string, Stand>();
  private ways = 0;
  /** In which round a state was reached last. */
  private readonly reachedIn: Float64Array;
  private round = 0;

  private constructor(program: Program) {
    this.program = program;
    this.reachedIn = new Float64Array(program.states.length);
  }

  /** Reads an expression in JavaScript's syntax, with the flag `u`. */
  static parse(text: string): Result<RegularExpression, ExpressionError> {
    const tree = parseExpression(text);
    if (!tree.ok) return tree;
    const program = compileExpression(tree.value);
    return program === undefined
      ? err({ message: 'it repeats too much too often' })
      : ok(new RegularExpression(program));
  }

  /** Whether it is found anywhere in a text. Cost: one step a character where ways are known, else one a state. */
  test(text: string): boolean {
    let stand = this.standAt([this.program.start], 'nothing');
    for (let at = 0; ; ) {
      const character = characterAt(text, at);
      const way = stand.ways.get(character) ?? this.findWay(stand, character);
      if (typeof way === 'boolean') return way;
      stand = way;
      at += character.length;
    }
  }

  private findWay(stand: Stand, character: string): Stand | boolean {
    if (this.ways++ >= MOST_WAYS || this.stands.size >= MOST_STANDS) this.forget();
    const way = this.wayFrom(stand, character);
    stand.ways.set(character, way);
    return way;
  }

  private forget(): void {
    for (const { ways } of this.stands.values()) ways.clear();
    this.stands.clear();
    this.ways = 0;
  }

  /** Where a character leads: true and false end the search. */
  private wayFrom({ states, before }: Stand, character: string): Stand | boolean {
    const { start, isAnchored } = this.program;
    const waiting = this.follow(states, before, character);
    if (waiting === undefined) return true;
    const next = new Set(isAnchored ? [] : [start]);
    for (const state of waiting) if (state.fits(character)) next.add(state.next);
    return character !== '' && next.size > 0
      ? this.standAt([...next], isWord(character) ? 'word' : 'other')
      : false;
  }

  private standAt(states: number[], before: Before): Stand {
    const key = `${before} ${states.sort((a, b) => a - b).join(' ')}`;
    let stand = this.stands.get(key);
    if (stand === undefined) {
      stand = { states, before, ways: new Map() };
      this.stands.set(key, stand);
    }
    return stand;
  }

  /** The states that wait for a character; undefined when the whole is found. */
  private follow(
    states: readonly number[],
    before: Before,
    after: string,
  ): Extract<State, { readonly op: 'character' }>[] | undefined {
    this.round++;
    const waiting: Extract<State, { readonly op: 'character' }>[] = [];
    const open = [...states];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const state = this.program.states[at];
      if (state === undefined || this.reachedIn[at] === this.round) continue;
      this.reachedIn[at] = this.round;
      if (state.op === 'found') return undefined;
      if (state.op === 'character') waiting.push(state);
      else if (state.op === 'fork') open.push(state.next, state.other);
      else if (holds(state.edge, before, after)) open.push(state.next);
    }
    return waiting;
  }
}

/** The character at a place; empty at the end. */
function characterAt(text: string, at: number): string {
  const point = text.codePointAt(at);
  return point === undefined ? '' : String.fromCodePoint(point);
}

function holds(
  edge: Extract<State, { readonly op: 'edge' }>['edge'],
  before: Before,
  after: string,
): boolean {
  if (edge === 'start') return before === 'nothing';
  if (edge === 'end') return after === '';
  return ((before === 'word') === isWord(after)) === (edge === 'no-word');
}

function isWord(character: string): boolean {
  return /^\w$/.test(character);
}
