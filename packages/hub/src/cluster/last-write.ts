import { randomUUID } from 'node:crypto';
import { lastWriteOf, type Writer } from '@bulwark/store';
import type { RecordedCluster } from './batches.ts';
import { persist } from './persist.ts';

/**
 * What this process wrote last of a cluster. Each write builds on the one before, so that a database that does not have that any more is
 * noticed: then what is remembered of it does not hold, and the next start reads it anew.
 */
export class LastWrite {
  private readonly to: RecordedCluster;
  private name: string | undefined;

  constructor(to: RecordedCluster) {
    this.to = to;
  }

  /** To be called before anything is read that is remembered. */
  async load(): Promise<void> {
    const { store, cluster } = this.to;
    this.name = await persist(this.to, () => lastWriteOf(store, cluster));
  }

  /** Tries to write until it is written. What was refused is not the last write. */
  async write<T>(act: (writer: Writer) => Promise<T>): Promise<T> {
    const name = randomUUID();
    const result = await this.try(act, name);
    this.name = name;
    return result;
  }

  /** As `write`, where nothing stays that others build on. */
  try<T>(act: (writer: Writer) => Promise<T>, name: string = randomUUID()): Promise<T> {
    const { name: after } = this;
    const link = after === undefined ? undefined : { after, name };
    // Each time with the session of then: a database that was away has another one.
    return persist(this.to, () => act({ session: this.to.session?.(), link }));
  }
}
