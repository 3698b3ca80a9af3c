/** A context of a hub that has found which cluster it leads to. */
export interface Claim {
  /** As the context is called. */
  readonly name: string;
  /** The number of the cluster. */
  readonly cluster: number;
  /** Whether it is watched, and nothing of it is seen by this context any more. */
  readonly isAway?: boolean;
}

/** Which context goes first, as a context is told that has made a claim: undefined where it is that one itself. */
export type First = string | undefined;

/**
 * Of several contexts of one hub that lead to the same cluster the one that is named first watches it, and the others stand by. One
 * by which nothing is seen any more comes last, until it claims the cluster anew.
 */
export class Precedence {
  private readonly tell: (place: number, first: First) => void;
  private readonly claims = new Map<number, Claim>();
  private readonly told = new Map<number, First>();

  /** @param tell told of a context, by its place, when it makes a claim, and whenever another one goes first from then on. */
  constructor(tell: (place: number, first: First) => void) {
    this.tell = tell;
  }

  /**
   * Notes what a context leads to; undefined where that is not known any more.
   *
   * @param place in the order in which contexts are named.
   */
  claim(place: number, claim: Claim | undefined): void {
    this.told.delete(place);
    if (claim === undefined) this.claims.delete(place);
    else this.claims.set(place, claim);
    const before = new Map<number, string>();
    for (const [at, { cluster, name }] of [...this.claims].sort(inOrder)) {
      const first = before.get(cluster);
      if (first === undefined) before.set(cluster, name);
      if (this.told.has(at) && this.told.get(at) === first) continue;
      this.told.set(at, first);
      this.tell(at, first);
    }
  }
}

function inOrder([a, { isAway: isFirstAway = false }]: Placed, [b, { isAway = false }]: Placed): number {
  return Number(isFirstAway) - Number(isAway) || a - b;
}

type Placed = readonly [place: number, claim: Claim];
