import { useEffect, useRef } from 'react';

/** The longest that a timer waits, in milliseconds. */
const LONGEST_WAIT = 2 ** 31 - 1;
const FIRST_WAIT = 1000;
const LONGEST_PAUSE = 60_000;

/**
 * Asks at a moment, and then again at growing intervals: the clock of the hub may be behind, so that nothing is back yet.
 *
 * @returns ends it.
 */
export function askFrom(at: Date, ask: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  let pause = FIRST_WAIT;
  const wait = () => {
    const rest = Math.max(0, at.getTime() - Date.now()) + pause;
    timer = setTimeout(
      () => {
        if (Date.now() >= at.getTime()) {
          ask();
          pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
        wait();
      },
      Math.min(rest, LONGEST_WAIT),
    );
  };
  wait();
  return () => clearTimeout(timer);
}

/** Asks again from a moment on, such as when the first deferred finding comes back, until there is another one: nothing else tells of it. */
export function useReturn(at: string | null | undefined, ask: () => void): void {
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  useEffect(() => {
    if (at === null || at === undefined) return;
    return askFrom(new Date(at), () => latest.current());
  }, [at]);
}
