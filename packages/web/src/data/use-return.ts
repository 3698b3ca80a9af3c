import { useEffect, useRef } from 'react';

/** The longest that a timer waits, in milliseconds. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** Asks again at a moment, such as when the first deferred finding comes back: nothing else tells of it. */
export function useReturn(at: string | null | undefined, ask: () => void): void {
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  useEffect(() => {
    if (at === null || at === undefined) return;
    const wait = Math.max(0, new Date(at).getTime() - Date.now()) + 1000;
    const timer = setTimeout(() => latest.current(), Math.min(wait, LONGEST_WAIT));
    return () => clearTimeout(timer);
  }, [at]);
}
