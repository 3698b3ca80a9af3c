import { hash128 } from '@bulwark/core';

/**
 * A stream of numbers that a seed decides (sfc32 of PractRand, public domain). Equal seeds give equal streams on every
 * machine; not for secrets.
 */
export class SeededRandom {
  private readonly seed: string;
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  constructor(seed: string) {
    this.seed = seed;
    const hash = hash128(seed);
    const word = (index: number): number => Number.parseInt(hash.slice(index * 8, index * 8 + 8), 16) | 0;
    [this.a, this.b, this.c, this.counter] = [word(0), word(1), word(2), word(3)];
  }

  /** A stream of its own for a part, which other parts do not move. */
  fork(label: string): SeededRandom {
    return new SeededRandom(`${this.seed}/${label}`);
  }

  /** At least 0, less than 1. */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** True so often in all. */
  chance(share: number): boolean {
    return this.next() < share;
  }

  /**
   * One of a list.
   *
   * @throws Error when the list is empty.
   */
  pick<T>(list: readonly T[]): T {
    const picked = list[Math.floor(this.next() * list.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }

  /** Several different ones of a list, in the list's order. */
  sample<T>(list: readonly T[], count: number): T[] {
    const marked = list.map((item, index) => ({ item, index, mark: this.next() }));
    const chosen = marked.toSorted((a, b) => a.mark - b.mark).slice(0, count);
    return chosen.sort((a, b) => a.index - b.index).map(({ item }) => item);
  }
}
