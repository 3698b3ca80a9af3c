import type { FindingRow, ObjectKey, ResourceRow } from '@bulwark/store';

interface StoredFinding {
  /** Of the object that it is about. */
  readonly kind: string;
  readonly digest: string;
}

/** What the database has of a cluster, by digests, so that only what is different is written. */
export class StoredRows {
  private readonly resources = new Map<string, string>();
  private readonly findings = new Map<string, StoredFinding>();
  /** Until the first judgement: findings that were found again. */
  private foundAgain: Set<string> | undefined = new Set();
  private isEmpty = false;

  load(
    resources: readonly (ObjectKey & { readonly digest: string })[],
    findings: readonly (StoredFinding & { readonly fingerprint: string })[],
  ): void {
    for (const row of resources) this.resources.set(idOf(row), row.digest);
    for (const { fingerprint, kind, digest } of findings) this.findings.set(fingerprint, { kind, digest });
    this.isEmpty = resources.length === 0;
  }

  /** Whether nothing of the cluster was ever stored. */
  get isNew(): boolean {
    return this.isEmpty;
  }

  /** Whether what was found before the start was compared with what is found now. */
  get isSettled(): boolean {
    return this.foundAgain === undefined;
  }

  has(id: string): boolean {
    return this.resources.has(id);
  }

  isDifferent(id: string, digest: string): boolean {
    return this.resources.get(id) !== digest;
  }

  /** The findings to be written, and the fingerprints of those to be resolved, once for each start those that are gone. */
  different(
    found: readonly FindingRow[],
    gone: readonly string[],
    isKindSeen: (kind: string) => boolean,
  ): { readonly findings: readonly FindingRow[]; readonly resolved: readonly string[] } {
    const rows = new Map(found.map((row) => [row.fingerprint, row]));
    for (const fingerprint of gone) rows.delete(fingerprint);
    for (const fingerprint of rows.keys()) this.foundAgain?.add(fingerprint);
    return {
      findings: [...rows.values()].filter(
        ({ fingerprint, digest }) => this.findings.get(fingerprint)?.digest !== digest,
      ),
      resolved: [...gone, ...this.lost(isKindSeen)].filter((fingerprint) => this.findings.has(fingerprint)),
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
    for (const { fingerprint, kind, digest } of findings) this.findings.set(fingerprint, { kind, digest });
    for (const fingerprint of resolved) this.findings.delete(fingerprint);
  }

  /** After a start: stored findings that are found no more, of kinds that are seen. An outage resolves nothing. */
  private lost(isKindSeen: (kind: string) => boolean): string[] {
    const found = this.foundAgain;
    if (found === undefined) return [];
    this.foundAgain = undefined;
    return [...this.findings]
      .filter(([fingerprint, { kind }]) => !found.has(fingerprint) && isKindSeen(kind))
      .map(([fingerprint]) => fingerprint);
  }
}

function idOf({ kind, namespace, name }: ObjectKey): string {
  return `${kind}|${namespace}|${name}`;
}
