/** What goes on until it is stopped. */
export interface Rounds {
  /** Begins no other round, and waits until the one that goes on is over. */
  stop(): Promise<void>;
}

/**
 * Does something again and again, with a rest after each round.
 *
 * @param round says itself what went wrong: it is not to fail.
 * @param settings.everyMs the rest; asked for after each round where it depends on that.
 * @param settings.firstMs after how many milliseconds the first begins; after a rest where it is left out.
 */
export function startRounds(
  round: () => Promise<void>,
  { everyMs, firstMs }: { readonly everyMs: number | (() => number); readonly firstMs?: number },
): Rounds {
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  const restMs = (): number => (typeof everyMs === 'number' ? everyMs : everyMs());
  const begin = (): void => {
    running = round().then(() => {
      if (!isStopped) timer = setTimeout(begin, restMs());
    });
  };
  let timer = setTimeout(begin, firstMs ?? restMs());
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
