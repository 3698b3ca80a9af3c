import type { JsonObject } from '@bulwark/core';
import { bodiesOf, type Scope, type Store } from '@bulwark/store';

/**
 * Facts worked out from stored bodies, kept by the hash of the body, which is named by its content and so never changes.
 * The facts used longest ago go first.
 */
export class BodyFacts<T> {
  private readonly compute: (body: JsonObject) => T;
  private readonly most: number;
  private readonly known = new Map<string, T>();

  /** @param most facts kept at the same time, besides those of the question that is being answered. */
  constructor(compute: (body: JsonObject) => T, most = 20_000) {
    this.compute = compute;
    this.most = most;
  }

  /** The facts of some bodies; a body that is not stored any more has none. */
  async of(store: Store, scope: Scope, hashes: Iterable<string>): Promise<ReadonlyMap<string, T>> {
    const found = new Map<string, T>();
    const missing: string[] = [];
    for (const hash of new Set(hashes)) {
      const fact = this.known.get(hash);
      if (fact === undefined) missing.push(hash);
      else {
        found.set(hash, fact);
        this.known.delete(hash);
        this.known.set(hash, fact);
      }
    }
    for (const { hash, content } of await bodiesOf(store, scope, missing)) {
      const fact = this.compute(content);
      found.set(hash, fact);
      this.known.set(hash, fact);
    }
    for (const hash of this.known.keys()) {
      if (this.known.size <= this.most) break;
      this.known.delete(hash);
    }
    return found;
  }
}
