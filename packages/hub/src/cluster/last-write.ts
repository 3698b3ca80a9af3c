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
  private running: Promise<unknown> = Promise.resolve();

  constructor(to: RecordedCluster) {
    this.to = to;
  }

  /** To be called before anything is read that is remembered. */
  async load(): Promise<void> {
    const { store, cluster } = this.to;
    this.name = await persist(this.to, () => lastWriteOf(store, cluster));
  }

  /** Tries to write until it is written, one after the other. What was refused is not the last write. */
  write<T>(act: (writer: Writer) => Promise<T>): Promise<T> {
    return this.inTurn(act, (name) => {
      this.name = name;
    });
  }

  /** As `write`, where nothing stays that others build on. */
  try<T>(act: (writer: Writer) => Promise<T>): Promise<T> {
    return this.inTurn(act, () => undefined);
  }

  private inTurn<T>(act: (writer: Writer) => Promise<T>, onWritten: (name: string) => void): Promise<T> {
    const turn = this.running.then(async () => {
      const { name: after } = this;
      const name = randomUUID();
      const link = after === undefined ? undefined : { after, name };
      // Each time with the session of then: a database that was away has another one.
      const result = await persist(this.to, () => act({ session: this.to.session?.(), link }));
      onWritten(name);
      return result;
    });
    this.running = turn.catch(() => undefined);
    return turn;
  }
}
