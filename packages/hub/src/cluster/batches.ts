import { applyBatch, type Batch, type Store } from '@bulwark/store';
import { type PersistOptions, persist } from './persist.ts';
import type { StoredRows } from './stored-rows.ts';

/** A cluster that is recorded, and where. */
export interface RecordedCluster extends PersistOptions {
  readonly store: Store;
  readonly cluster: number;
  readonly now: () => Date;
  /** The session that holds the lease of the cluster; without it nobody else writes. */
  readonly session?: () => number;
}

/** What is different of a cluster, written in one batch after the other, each of which is noted as what is stored. */
export class Batches {
  private readonly to: RecordedCluster;
  private readonly stored: StoredRows;

  constructor(to: RecordedCluster, stored: StoredRows) {
    this.to = to;
    this.stored = stored;
  }

  /** Writes a batch; one with nothing in it is none. */
  async write(batch: Batch): Promise<void> {
    const { store, cluster, session } = this.to;
    const { resources, removed, owners = [], findings, resolved, risks = [], riskless = [] } = batch;
    if ([resources, removed, owners, findings, resolved, risks, riskless].every(({ length }) => length === 0))
      return;
    await persist(this.to, () => applyBatch(store, cluster, { ...batch, session: session?.() }));
    this.stored.note(batch);
  }

  /** Writes what people decide or say of what is there, as of now. */
  async writeSaid({
    findings = [],
    owners = [],
  }: Partial<Pick<Batch, 'findings' | 'owners'>>): Promise<void> {
    await this.write({ at: this.to.now(), resources: [], removed: [], resolved: [], findings, owners });
  }
}
