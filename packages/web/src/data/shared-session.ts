import type { Session } from '@bulwark/api';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { hub, isSignedOut, keepSession } from './client.ts';

/** The key of the query that says who is signed in. */
export const SESSION_KEY = ['getSession'] as const;

/** Where tabs tell each other that somebody has signed in or out. */
const CHANNEL = 'bulwark session';

export function isOfSession(key: QueryKey): boolean {
  return key[0] === SESSION_KEY[0];
}

/** Takes note of who is signed in. What was shown to somebody else before is forgotten. */
export function takeSession(queries: QueryClient, session: Session): Session {
  if (queries.getQueryData<Session>(SESSION_KEY)?.user !== session.user)
    queries.removeQueries({ predicate: ({ queryKey }) => !isOfSession(queryKey) });
  return keepSession(session);
}

/** Takes note that nobody is signed in any more: it is asked who is, and the page is left for the form to sign in. */
export function endSession(queries: QueryClient): void {
  void queries.resetQueries({ queryKey: SESSION_KEY });
}

/**
 * Asks who is signed in by now, as another tab may have signed in somebody else: a browser has one session for all of its tabs.
 * Where the hub does not answer, who was signed in is taken to be so still.
 */
export async function askSessionAgain(queries: QueryClient): Promise<void> {
  try {
    const session = await hub.call('getSession', {});
    queries.setQueryData(SESSION_KEY, takeSession(queries, session));
  } catch (error) {
    if (isSignedOut(error) && queries.getQueryData(SESSION_KEY) !== undefined) endSession(queries);
  }
}

/** Tells the other tabs that somebody has signed in or out here. */
export function tellTabs(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage('another session');
  channel.close();
}

/** Hears of it where another tab signs somebody in or out, until the function that is returned is called. */
export function hearTabs(listen: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', listen);
  return () => channel.close();
}
