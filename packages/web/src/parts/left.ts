import { HubError } from '@bulwark/api';
import { wordsOf } from './refusal-words.ts';

/** A hub that says nothing for so long keeps nobody: on the page it is then said what has no answer yet, and how it ends. */
export const LONGEST_WAIT_MS = 10_000;

/** Something that was asked for and has no answer for long, or whose dialog was left before there was one. */
export interface Left {
  /** The number of what is under way. */
  readonly id: number;
  /** What was asked for, as the dialog or the button calls it. */
  readonly what: string;
  /** What it was about: two that ask the same of the same are one. */
  readonly key: string;
  /** How it ended; absent while there is no answer. */
  readonly end?: End;
}

export type End =
  | {
      readonly is: 'done';
      /** What came of it that would have been shown once, in the dialog. */
      readonly unseen?: string;
    }
  | { readonly is: 'failed'; readonly error: unknown };

/** What tells whether a dialog asks for the same as another one: its title, and what that does not say. */
export function keyOf(title: string, about: unknown): string {
  return JSON.stringify([title, about]);
}

/** How something ended that answered `data`. */
export function doneWith(data: unknown): End {
  const unseen =
    typeof data === 'object' && data !== null && 'unseen' in data && typeof data.unseen === 'string'
      ? { unseen: data.unseen }
      : {};
  return { is: 'done', ...unseen };
}

/** The same list, where what has a number has ended. */
export function ended(all: readonly Left[], id: number, end: End): readonly Left[] {
  return all.some((each) => each.id === id)
    ? all.map((each) => (each.id === id ? { ...each, end } : each))
    : all;
}

/** What is said of it on the page, in whole sentences. */
export function sentenceOf({ what, end }: Pick<Left, 'what' | 'end'>): string {
  const named = `“${what.replace(/\?$/, '')}”`;
  if (end === undefined) return `${named} was asked for and has no answer yet. It may still be done.`;
  if (end.is === 'done') return [`${named} is done by now.`, end.unseen ?? ''].join(' ').trim();
  const { error } = end;
  if (!(error instanceof HubError) || error.problem.code === 'no-answer')
    return `${named} got no answer: whether it was done is not known. Look before you ask for it again.`;
  return `${named} was ${error.problem.status < 500 ? 'refused' : 'asked for, and failed'}: ${wordsOf(error)}`;
}
