import { isRefused } from './client.ts';

/** What the hub has answered to a question, and what became of asking it last. */
export interface Answer<T> {
  /** Undefined until there is an answer, and where the hub refuses by now what it has answered before. */
  readonly data: T | undefined;
  /** Why the last time that it was asked brought none. */
  readonly error: unknown;
  readonly refetch: () => unknown;
}

/**
 * What may still be shown of what was answered before. A refusal takes it away: it is there no more, or not for who looks. Where
 * the hub only did not answer it stays, and may be old.
 */
export function stillShown<T>(data: T | undefined, error: unknown): T | undefined {
  return isRefused(error) ? undefined : data;
}
