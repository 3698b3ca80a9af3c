import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** The key of the query that says who is signed in. */
export const SESSION_KEY = ['getSession'] as const;

export function isOfSession(key: QueryKey): boolean {
  return key[0] === SESSION_KEY[0];
}

/** Takes note that nobody is signed in any more: it is asked who is, and the page is left for the form to sign in. */
export function endSession(queries: QueryClient): void {
  void queries.resetQueries({ queryKey: SESSION_KEY });
}
