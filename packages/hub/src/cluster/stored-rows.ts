import type { FindingRow, ObjectKey, ResourceRow } from '@bulwark/store';

/** What the database has of a cluster, by digests, so that only what is different is written. */
export class StoredRows {
  private readonly resources = new Map<string, string>();
  private readonly findings = new Map<string, string>();
  /** Findings of before the start that were not found again, by fingerprint, until it is known how their object is now. */
  private readonly unconfirmed = new Map<string, ObjectKey>();
  private isEmpty = false;
  private hasCompared = false;

  load(
    resources: readonly (ObjectKey & { readonly digest: string })[],
    findings: readonly (ObjectKey & { readonly fingerprint: string; readonly digest: string })[],
  ): void {
    for (const row of resources) this.resources.set(idOf(row), row.digest);
    for (const { fingerprint, digest, ...key } of findings) {
      this.findings.set(fingerprint, digest);
      this.unconfirmed.set(fingerprint, key);
    }
    this.isEmpty = resources.length === 0;
  }

  /** Whether nothing of the cluster was ever stored. */
  get isNew(): boolean {
    return this.isEmpty;
  }

  /** Whether what was found before the start was compared with what is found now. */
  get isSettled(): boolean {
    return this.hasCompared;
  }

  has(key: ObjectKey): boolean {
    return this.resources.has(idOf(key));
  }

  isDifferent(id: string, digest: string): boolean {
    return this.resources.get(id) !== digest;
  }

  /**
   * The findings to be written, and the fingerprints of those to be resolved: with those of before the start that are found
   * no more, each as soon as it is known how its object is now. An outage resolves nothing.
   */
  different(
    found: readonly FindingRow[],
    gone: readonly string[],
    isKnown: (key: ObjectKey) => boolean,
  ): { readonly findings: readonly FindingRow[]; readonly resolved: readonly string[] } {
    const rows = new Map(found.map((row) => [row.fingerprint, row]));
    for (const fingerprint of gone) rows.delete(fingerprint);
    for (const fingerprint of [...rows.keys(), ...gone]) this.unconfirmed.delete(fingerprint);
    this.hasCompared = true;
    return {
      findings: [...rows.values()].filter(
        ({ fingerprint, digest }) => this.findings.get(fingerprint) !== digest,
      ),
      resolved: [...gone, ...this.takeLost(isKnown)].filter((fingerprint) => this.findings.has(fingerprint)),
    };
  }

  /** Notes what was written. */
  note({
    resources,
    removed,
    findings,
    resolved,
  }: {
    readonly resources: readonly ResourceRow[];
    readonly removed: readonly ObjectKey[];
    readonly findings: readonly FindingRow[];
    readonly resolved: readonly string[];
  }): void {
    this.isEmpty = false;
    for (const row of resources) this.resources.set(idOf(row), row.digest);
    for (const key of removed) this.resources.delete(idOf(key));
    for (const { fingerprint, digest } of findings) this.findings.set(fingerprint, digest);
    for (const fingerprint of resolved) this.findings.delete(fingerprint);
  }

  private takeLost(isKnown: (key: ObjectKey) => boolean): string[] {
    const lost = [...this.unconfirmed].filter(([, key]) => isKnown(key)).map(([fingerprint]) => fingerprint);
    for (const fingerprint of lost) this.unconfirmed.delete(fingerprint);
    return lost;
  }
}

function idOf({ kind, namespace, name }: ObjectKey): string {
  return `${kind}|${namespace}|${name}`;
}
