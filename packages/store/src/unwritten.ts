import type { WriteFault } from './why-not-written.ts';

/**
 * Of which clusters what is seen cannot be written now, as this process knows: where the database takes nothing it cannot be
 * asked for that. What is stored of them says that they are seen.
 */
export class Unwritten {
  private readonly faults = new Map<number, WriteFault>();
  private tried: WriteFault | undefined;

  /** Notes why nothing of a cluster is written; undefined where it is again. */
  note(cluster: number, fault: WriteFault | undefined): void {
    if (fault === undefined) this.faults.delete(cluster);
    else this.faults.set(cluster, fault);
  }

  /** Notes what became of a write that was only to be tried, as where nothing is to be written: see `triedWrite`. */
  noteTried(fault: WriteFault | undefined): void {
    this.tried = fault;
  }

  /** Why the database takes nothing at all; undefined where it does, as far as it was tried. */
  get reason(): string | undefined {
    return [this.tried, ...this.faults.values()].find((fault) => fault?.isWhole)?.reason;
  }

  /** A cluster as it is stored, or as one that is seen no more where nothing of it is written. */
  standing<T extends { readonly id: number; readonly state: string; readonly reason: string | null }>(
    row: T,
  ): T {
    const isSeen = row.state === 'live' || row.state === 'syncing';
    const reason = this.faults.get(row.id)?.reason ?? (isSeen ? this.reason : undefined);
    return reason === undefined ? row : { ...row, state: 'stale', reason };
  }
}
