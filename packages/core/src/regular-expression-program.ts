import type { Edge, Expression } from './regular-expression-tree.ts';

/** One step of matching; `next` and `other` are places in the list of states. */
export type State =
  | { readonly op: 'found' }
  | { readonly op: 'character'; readonly fits: (character: string) => boolean; readonly next: number }
  | { readonly op: 'edge'; readonly edge: Edge; readonly next: number }
  | { readonly op: 'fork'; readonly next: number; other: number };

/** An expression as an automaton that may be in several states at once. */
export interface Program {
  readonly states: readonly State[];
  readonly start: number;
  /** Whether it can only be found at the start of a text. */
  readonly isAnchored: boolean;
}

/** What a matcher may cost for each character of a text: ten characters, repeated up to a hundred times. */
const MOST_STATES = 1000;

/** The automaton of an expression; undefined when it has too many states. */
export function compileExpression(tree: Expression): Program | undefined {
  if (sizeOf(tree) > MOST_STATES) return undefined;
  const states: State[] = [{ op: 'found' }];
  const start = add(states, tree, 0);
  return { states, start, isAnchored: isAnchored(tree) };
}

/** At least the number of states that an expression takes; what is repeated takes them each time. */
function sizeOf(tree: Expression): number {
  switch (tree.is) {
    case 'character':
    case 'edge':
      return 1;
    case 'sequence':
      return tree.parts.reduce((sum, part) => sum + sizeOf(part), 0);
    case 'choice':
      return tree.among.reduce((sum, part) => sum + 1 + sizeOf(part), 0);
    case 'repetition':
      return (1 + sizeOf(tree.of)) * (Number.isFinite(tree.most) ? tree.most : tree.least + 1);
  }
}

/** Adds the states of a part, after which matching goes on at `next`, and answers where the part begins. */
function add(states: State[], tree: Expression, next: number): number {
  switch (tree.is) {
    case 'character':
      return states.push({ op: 'character', fits: characterTest(tree.source), next }) - 1;
    case 'edge':
      return states.push({ op: 'edge', edge: tree.edge, next }) - 1;
    case 'sequence':
      return tree.parts.reduceRight((after, part) => add(states, part, after), next);
    case 'choice':
      return tree.among
        .map((part) => add(states, part, next))
        .reduce((first, second) => states.push({ op: 'fork', next: first, other: second }) - 1);
    case 'repetition':
      return addRepetition(states, tree, next);
  }
}

function addRepetition(
  states: State[],
  { of, least, most }: Extract<Expression, { readonly is: 'repetition' }>,
  next: number,
): number {
  let start = next;
  if (most === Number.POSITIVE_INFINITY) {
    const fork = { op: 'fork' as const, next, other: next };
    start = states.push(fork) - 1;
    fork.other = add(states, of, start);
  } else
    for (let count = least; count < most; count++)
      start = states.push({ op: 'fork', next, other: add(states, of, start) }) - 1;
  for (let count = 0; count < least; count++) start = add(states, of, start);
  return start;
}

/** What one character fits is left to JavaScript's engine, which has nowhere to go back to. */
function characterTest(source: string): (character: string) => boolean {
  const pattern = new RegExp(`^${source}$`, 'u');
  return (character) => pattern.test(character);
}

function isAnchored(tree: Expression): boolean {
  switch (tree.is) {
    case 'character':
      return false;
    case 'edge':
      return tree.edge === 'start';
    case 'sequence':
      return tree.parts[0] !== undefined && isAnchored(tree.parts[0]);
    case 'choice':
      return tree.among.every(isAnchored);
    case 'repetition':
      return tree.least > 0 && isAnchored(tree.of);
  }
}
