import { createHash } from 'node:crypto';
import type { JsonObject } from '@bulwark/core';

/** What was last seen of each object, as a digest of 24 characters: a cluster repeats itself all the time. */
export class SeenObjects {
  private readonly digests = new Map<string, string>();

  /**
   * Notes an object; answers whether it differs from what was noted before.
   *
   * @param object without what changes although nothing happens.
   */
  note(id: string, object: JsonObject): boolean {
    const digest = createHash('sha256').update(JSON.stringify(object)).digest('base64').slice(0, DIGITS);
    if (this.digests.get(id) === digest) return false;
    this.digests.set(id, digest);
    return true;
  }

  forget(id: string): void {
    this.digests.delete(id);
  }
}

/** 144 bits. */
const DIGITS = 24;
