import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { endSession } from '../shared-session.ts';
import { type Connection, type News, nextConnection } from './connection.ts';
import { follow } from './follow.ts';
import { Refresher } from './refresher.ts';
import { isStale } from './stale-queries.ts';
import { toldEvent } from './told-event.ts';

/**
 * Follows the hub and asks again for what has changed, as long as it is used. Returns how the connection is.
 *
 * @param user who is signed in; tabs of another one share nothing.
 */
export function useLive(queries: QueryClient, user: string): Connection {
  const [connection, setConnection] = useState<Connection>({ kind: 'opening' });
  useEffect(() => {
    const refresher = new Refresher(queries, () => document.hidden);
    const tell = (news: News): void => {
      if (news.kind !== 'connection') {
        const event = news.kind === 'event' ? toldEvent(news.data) : undefined;
        // The session too, where nobody knows what has changed: a role may be another one.
        refresher.note(({ queryKey }) => event === undefined || isStale(queryKey, event));
      } else {
        setConnection((known) => nextConnection(known, news.connection));
        if (news.connection.kind === 'signed-out') endSession(queries);
      }
    };
    const follower = follow({
      name: `bulwark events of ${user}`,
      open: (signal) => fetch('/api/v1/events', { signal, cache: 'no-store', credentials: 'same-origin' }),
      tell,
      random: Math.random,
    });
    const hurry = (): void => follower.hurry();
    const look = (): void => {
      if (document.hidden) return;
      follower.hurry();
      // Of the window, where the query client looks too: what it asks for by itself is not asked for twice.
      refresher.ask({ cancelRefetch: false });
    };
    window.addEventListener('online', hurry);
    window.addEventListener('visibilitychange', look);
    return () => {
      window.removeEventListener('online', hurry);
      window.removeEventListener('visibilitychange', look);
      follower.stop();
    };
  }, [queries, user]);
  return connection;
}
