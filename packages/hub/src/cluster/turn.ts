import type { Claim, First } from './precedence.ts';

/** The turn of a context among those of its hub that lead to the same cluster: asked for, waited for, and given back. */
export class Turn {
  private readonly ask: (claim: Claim | undefined) => void;
  private onTold: (first: First) => void = () => undefined;

  /** @param ask told what is claimed, or that nothing is any more. */
  constructor(ask: (claim: Claim | undefined) => void) {
    this.ask = ask;
  }

  /** Takes which context goes first from now on. */
  told(first: First): void {
    this.onTold(first);
  }

  /**
   * Claims a cluster, and does something when it is this one's turn; gives it back at its end.
   *
   * @param onWait told which context goes first.
   * @param act given a signal that aborts when another one goes first, or when everything stops, and what says whether nothing is
   *   seen of the cluster any more, so that others go first that can; it is waited for.
   */
  async take(
    claim: Claim,
    { signal, onWait }: { readonly signal: AbortSignal; readonly onWait: (first: string) => void },
    act: (signal: AbortSignal, onAway: (isAway: boolean) => void) => Promise<void>,
  ): Promise<void> {
    const ending = new AbortController();
    const end = (): void => ending.abort();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    try {
      const isOurs = new Promise<void>((resolve) => {
        let hasBegun = false;
        ending.signal.addEventListener('abort', () => resolve(), { once: true });
        if (ending.signal.aborted) resolve();
        this.onTold = (first) => {
          if (first === undefined) {
            hasBegun = true;
            resolve();
          } else if (hasBegun) end();
          else onWait(first);
        };
      });
      this.ask(claim);
      await isOurs;
      const onAway = (isAway: boolean): void => {
        if (!ending.signal.aborted) this.ask({ ...claim, isAway });
      };
      if (!ending.signal.aborted) await act(ending.signal, onAway);
    } finally {
      this.onTold = () => undefined;
      signal.removeEventListener('abort', end);
      this.ask(undefined);
    }
  }
}
