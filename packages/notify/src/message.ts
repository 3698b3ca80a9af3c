import type { Severity } from '@bulwark/core';

/** One thing to tell an owner: a root cause with what it was found in, or a digest of several. */
export interface Message {
  /** Unique for each notification; a receiver that sees it twice may drop the second. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Whose it is; null is what nobody owns. */
  readonly owners: readonly (string | null)[];
  readonly cluster: string;
  readonly items: readonly MessageItem[];
  /** How many items were left out. */
  readonly omitted: number;
  /** Where to read on. */
  readonly link: string;
  readonly at: Date;
}

const MOST_OWNERS = 5;

/** Owners for people: `storefront, nobody and 3 more`. */
export function ownersText(owners: Message['owners']): string {
  if (owners.length === 0) return 'nobody';
  const names = owners.map((owner) => owner ?? 'nobody');
  const rest = names.length - MOST_OWNERS;
  return `${names.slice(0, MOST_OWNERS).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

export interface MessageItem {
  readonly severity: Severity;
  readonly control: string;
  /** One sentence with the names of real objects. */
  readonly text: string;
  readonly state: 'opened' | 'resolved';
  readonly link: string;
}

/** What became of an attempt to deliver. The answer is for people, holds no secret and is at most 500 characters long. */
export type Outcome =
  | { readonly status: 'sent'; readonly answer: string }
  | { readonly status: 'retry'; readonly answer: string; readonly afterMs?: number }
  | { readonly status: 'failed'; readonly answer: string };
