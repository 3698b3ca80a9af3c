import type { Severity } from '@bulwark/core';

/**
 * One thing to tell an owner: a root cause with what it was found in, a digest of several, or something about how the hub sees
 * a cluster. As JSON it is what webhooks get.
 */
export interface Message {
  /** Unique for each notification; a receiver that sees it twice may drop the second. */
  readonly id: string;
  readonly about: 'findings' | 'operations' | 'test';
  readonly title: string;
  readonly severity: Severity;
  /** Whose it is; null is what nobody owns. */
  readonly owners: readonly (string | null)[];
  /** How these are reached, as their objects and the file of owners say. */
  readonly contacts: readonly string[];
  readonly cluster: string;
  /** Of what it was found in; null where nothing says. */
  readonly environments: readonly (string | null)[];
  /** The change that is the cause, where it is one. */
  readonly change: MessageChange | null;
  /** Why the worst of it comes first; null where nothing was opened. */
  readonly rank: MessageRank | null;
  /** What to do next; null where nothing is to be done. */
  readonly action: string | null;
  /** What it is about, the worst first. */
  readonly items: readonly MessageItem[];
  /** How many items were left out. */
  readonly omitted: number;
  /** How many findings are no items, as items say more about the same: `link` shows them too. */
  readonly told: number;
  /** Shows what it is about in the page. */
  readonly link: string;
  readonly at: Date;
}

export interface MessageChange {
  /** As people call it: `Deployment shop/api`. */
  readonly object: string;
  readonly verb: string;
  /** Who made it, in words; null where nobody is known. */
  readonly by: string | null;
  readonly at: Date;
  /** Shows the change in the page. */
  readonly link: string;
}

/** The rank of the queue, for the worst control of the message. */
export interface MessageRank {
  readonly control: string;
  readonly title: string;
  readonly points: number;
  /** What adds up to the points. */
  readonly lines: readonly { readonly label: string; readonly points: number }[];
  /** The reasons in a sentence; null where the severity is the only one. */
  readonly why: string | null;
}

export interface MessageItem {
  readonly severity: Severity;
  readonly control: string;
  /** As people call it: `Deployment shop/api`; null where it is about no object. */
  readonly object: string | null;
  /** One sentence with the names of real objects. */
  readonly text: string;
  /** What to do; null where it is resolved. */
  readonly action: string | null;
  readonly environment: string | null;
  readonly state: 'opened' | 'resolved';
  readonly link: string;
}

const MOST_OWNERS = 5;

/** Owners for people: `storefront, nobody and 3 more`. */
export function ownersText(owners: Message['owners']): string {
  return shortList(owners.map((owner) => owner ?? 'nobody')) ?? 'nobody';
}

/** Environments for people. */
export function environmentsText(environments: Message['environments']): string {
  return shortList(environments.map((environment) => environment ?? 'unknown')) ?? 'unknown';
}

function shortList(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const rest = names.length - MOST_OWNERS;
  return `${names.slice(0, MOST_OWNERS).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** A text of at most so many characters, none of them halved. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/\p{Cs}$/u, '')}…`;
}

/** A moment for people: `2026-11-26 10:00:03 UTC`. */
export function momentText(moment: Date): string {
  return `${moment.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** What of a message stands above its items, as pairs of a name and a text; none of it is on more than one line. */
export function factsOf({
  change,
  rank,
  action,
  about,
  told,
}: Message): readonly (readonly [string, string])[] {
  const facts: (readonly [string, string])[] = [];
  if (change !== null)
    facts.push([
      'What',
      `${change.object} was ${change.verb} by ${change.by ?? 'somebody unknown'} at ${momentText(change.at)}`,
    ]);
  if (rank !== null) facts.push(['Why', whyText(rank)]);
  if (told > 0) facts.push(['Also', alsoText(told)]);
  if (action !== null) facts.push([about === 'findings' ? 'Next' : 'Do', action]);
  return facts;
}

function alsoText(told: number): string {
  return told === 1
    ? 'this stands for 1 more finding, which says less about the same'
    : `this stands for ${told} more findings, which say less about the same`;
}

function whyText({ title, points, lines, why }: MessageRank): string {
  const sum = lines.map(({ label, points: each }) => `${each > 0 ? '+' : ''}${each} ${label}`).join(', ');
  return `${why === null ? '' : `${why} `}${title}: ${points} points (${sum})`;
}

/** What to do about an item, where that is not what the whole message says already; else null. */
export function ownAction(item: MessageItem, { action }: Message): string | null {
  return item.action === action ? null : item.action;
}

/** What an attempt needs beside its message. */
export interface Attempt {
  readonly now: Date;
  /** Breaks it off. */
  readonly signal: AbortSignal;
  /** How long it may take, in milliseconds, where somebody waits for it; else as long as receivers of its kind may take. */
  readonly longestMs?: number;
}

/**
 * What became of an attempt to deliver. The answer is for people, holds no secret and is at most 500 characters long.
 *
 * `retry` may say after how many milliseconds, and to which of the readers of a mail alone: the others have it. `broken-off` is
 * what the sender did not wait for: the receiver may have it or not.
 */
export type Outcome =
  | { readonly status: 'sent' | 'failed' | 'broken-off'; readonly answer: string }
  | {
      readonly status: 'retry';
      readonly answer: string;
      readonly afterMs?: number;
      readonly left?: readonly string[];
      /** Whether the message may have come all the same, as the receiver was reached and then said nothing. */
      readonly mayHaveCome?: boolean;
    };

/** What ends a connection that was made, after something may have been sent over it (errors of Node, undici and nodemailer). */
const BROKEN_OFF: ReadonlySet<unknown> = new Set([
  'ECONNECTION',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** For a receiver from which no answer came: whether the message may have come all the same, by the code of the error. */
export function unsureBy(code: unknown): { readonly mayHaveCome?: true } {
  return BROKEN_OFF.has(code) ? { mayHaveCome: true } : {};
}
