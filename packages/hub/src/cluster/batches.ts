import {
  applyBatch,
  type Batch,
  type CoverageRecord,
  isRefused,
  type ObjectKey,
  type Store,
  type Writer,
  whyNotWritten,
} from '@bulwark/store';
import type { LastWrite } from './last-write.ts';
import type { PersistOptions } from './persist.ts';
import { keysIn, partOf, RefusedObjects } from './refused-objects.ts';
import type { StoredRows } from './stored-rows.ts';

/** A cluster that is recorded, and where. */
export interface RecordedCluster extends PersistOptions {
  readonly store: Store;
  readonly cluster: number;
  readonly now: () => Date;
  /** The session that holds the lease of the cluster; without it nobody else writes. */
  readonly session?: () => number;
}

/** Where so many objects are refused it is not for what they are, and all of them would be kept in memory. */
const MOST_REFUSED = 100;

/** What is different of a cluster, written in one batch after the other, each of which is noted as what is stored. */
export class Batches {
  private readonly to: RecordedCluster;
  private readonly stored: StoredRows;
  private readonly last: LastWrite;
  private readonly refused = new RefusedObjects();

  constructor(to: RecordedCluster, { stored, last }: { stored: StoredRows; last: LastWrite }) {
    this.to = to;
    this.stored = stored;
    this.last = last;
  }

  /**
   * Writes a batch; one with nothing in it is none. Where the database refuses an object for what it is, that one is left out: it is
   * found by halves, which costs nothing where nothing is refused.
   */
  async write(batch: Batch): Promise<void> {
    const now = this.to.now();
    const { tried, waiting } = this.refused.toBeTried(batch, now);
    this.stored.hold(waiting);
    if (isEmpty(tried)) return;
    try {
      await this.apply(tried);
      this.stored.note(tried);
    } catch (error) {
      const reasons = await this.refusedIn(tried, error);
      if (reasons.size === 0) throw error;
      const taken = partOf(tried, (id) => !reasons.has(id));
      if (!isEmpty(taken)) {
        await this.apply(taken);
        this.stored.note(taken);
      }
      this.refused.note(tried, reasons, now);
      this.stored.hold(partOf(tried, (id) => reasons.has(id)).findings);
    }
  }

  /** Writes what people decide or say of what is there, as of now. */
  async writeSaid({
    findings = [],
    owners = [],
  }: Partial<Pick<Batch, 'findings' | 'owners'>>): Promise<void> {
    await this.write({ at: this.to.now(), resources: [], removed: [], resolved: [], findings, owners });
  }

  /** Notes that an object is there no more. */
  forget(key: ObjectKey): void {
    this.refused.forget(key);
  }

  /** What coverage says of objects that the database refuses, the same list as long as nothing changes. */
  coverage(): readonly CoverageRecord[] {
    return this.refused.coverage();
  }

  private async apply(batch: Batch): Promise<void> {
    const { store, cluster } = this.to;
    const act = (writer: Writer): Promise<void> => applyBatch(store, cluster, { ...batch, ...writer });
    await (batch.isTrial === true ? this.last.try(act) : this.last.write(act));
  }

  /** The objects of a batch that the database refuses, each by its id with why; none where it is the batch as a whole. */
  private async refusedIn(batch: Batch, error: unknown): Promise<ReadonlyMap<string, string>> {
    const reasons = new Map<string, string>();
    const areTooMany = (): boolean => reasons.size + this.refused.size > MOST_REFUSED;
    const look = async (ids: readonly string[], why: unknown): Promise<void> => {
      if (!isRefused(why)) throw why;
      const [id, ...others] = ids;
      if (id === undefined || areTooMany()) return;
      if (others.length === 0) {
        reasons.set(id, whyNotWritten(why).reason);
        return;
      }
      const middle = ids.length / 2;
      for (const half of [ids.slice(0, middle), ids.slice(middle)]) {
        const those = new Set(half);
        const trial = { ...partOf(batch, (each) => those.has(each)), resolved: [], isTrial: true };
        await this.apply(trial).catch((reason: unknown) => look(half, reason));
      }
    };
    await look([...keysIn(batch).keys()], error);
    return areTooMany() ? new Map() : reasons;
  }
}

function isEmpty(batch: Batch): boolean {
  const { resources, removed, owners = [], findings, resolved, risks = [], riskless = [] } = batch;
  return [resources, removed, owners, findings, resolved, risks, riskless].every(
    ({ length }) => length === 0,
  );
}
