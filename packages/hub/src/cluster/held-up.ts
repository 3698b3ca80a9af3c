import { setTimeout as sleep } from 'node:timers/promises';
import { markClusterAway, type Store, type WriteFault } from '@bulwark/store';

/** A database that is silent is not waited for. */
const SAID_WITHIN_MS = 3000;

/** A cluster whose recording is held up, and why. */
export interface HeldUpCluster {
  readonly cluster: number;
  /** Undefined where it goes on. */
  readonly fault: WriteFault | undefined;
}

/**
 * Says of a cluster that what is seen of it is not written, from when that is known until it is written again: to this hub, and in the
 * database, which may take so little, for the other hubs on it.
 */
export class HeldUp {
  private readonly store: Store;
  private readonly tell: (held: HeldUpCluster) => void;
  private now: { readonly cluster: number; readonly fault: WriteFault } | undefined;
  private written = 0;

  /** @param tell told when it begins, has another reason, or ends. */
  constructor(store: Store, tell: (held: HeldUpCluster) => void) {
    this.store = store;
    this.tell = tell;
  }

  /** Why nothing is written; undefined where it is. */
  get reason(): string | undefined {
    return this.now?.fault.reason;
  }

  /** How often it was said in the database, so that what is said else there has to be said anew. */
  get timesSaid(): number {
    return this.written;
  }

  /** @param session that holds the lease of the cluster, where one does. */
  async begin(cluster: number, fault: WriteFault, session?: number): Promise<void> {
    if (this.now?.cluster === cluster && this.reason === fault.reason) return;
    if (this.now?.cluster !== cluster) this.end();
    this.now = { cluster, fault };
    this.tell(this.now);
    const said = markClusterAway(this.store, cluster, fault.reason, { session }).then(
      () => {
        this.written++;
      },
      // It does not take this either: this hub knows all the same.
      () => undefined,
    );
    await Promise.race([said, sleep(SAID_WITHIN_MS, undefined, { ref: false })]);
  }

  /** It goes on, or is for another hub to say. */
  end(): void {
    if (this.now === undefined) return;
    const { cluster } = this.now;
    this.now = undefined;
    this.tell({ cluster, fault: undefined });
  }
}
