import { type Finding, groupKindOf, groupOf, namespaceOf } from '@bulwark/core';
import type {
  FindingRow,
  FormerFinding,
  LiveFinding,
  LiveResource,
  ObjectKey,
  OwnersRow,
  ResourceRow,
  Rested,
  StoredDecision,
} from '@bulwark/store';
import { groupBy } from '../handlers/group-by.ts';
import { seenInPodsOf } from './recalled.ts';

/** What the database has of a cluster, by digests, so that only what is different is written. */
export class StoredRows {
  private readonly resources = new Map<string, string>();
  /** What is known from pods alone: no object is called so. */
  private readonly bare = new Map<string, ObjectKey>();
  private readonly findings = new Map<string, string>();
  /** What accepted findings as they were made, by fingerprint. */
  private readonly acceptedAsMade = new Map<string, StoredDecision>();
  /** Findings of before the start that were not found again, by fingerprint, until it is known how their object is now. */
  private readonly unconfirmed = new Map<string, ObjectKey>();
  /** Findings that are not written yet, by fingerprint. */
  private readonly held = new Map<string, FindingRow>();
  private isEmpty = false;
  private hasCompared = false;

  load(resources: readonly LiveResource[], findings: readonly LiveFinding[]): void {
    for (const row of resources) {
      this.resources.set(idOf(row), row.digest);
      if (row.isBare) this.bare.set(idOf(row), keyOf(row));
    }
    for (const row of findings) {
      const { fingerprint, kind, namespace, name } = row;
      this.noteFinding(row);
      this.unconfirmed.set(fingerprint, { kind, namespace, name });
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

  /** The kinds of which objects are stored. Cost: all that is stored. */
  kinds(): ReadonlySet<string> {
    const kinds = new Set<string>();
    for (const id of this.resources.keys()) if (!this.bare.has(id)) kinds.add(id.slice(0, id.indexOf('|')));
    return kinds;
  }

  /** The kinds of which something is stored in a namespace. Cost: all that is stored. */
  kindsIn(namespace: string): ReadonlySet<string> {
    const kinds = new Set<string>();
    for (const id of this.resources.keys()) {
      const end = id.indexOf('|');
      if (id.startsWith(`${namespace}|`, end + 1)) kinds.add(id.slice(0, end));
    }
    return kinds;
  }

  /** The ids of what is stored and known from pods alone. */
  get allBare(): Iterable<string> {
    return this.bare.keys();
  }

  /** What is stored under an id and known from pods alone. */
  bareOf(id: string): ObjectKey | undefined {
    return this.bare.get(id);
  }

  has(key: ObjectKey): boolean {
    return this.resources.has(idOf(key));
  }

  /** Whether a finding is stored under its fingerprint. */
  hasFinding(fingerprint: string): boolean {
    return this.findings.has(fingerprint);
  }

  /** Notes that what was stored under former fingerprints is stored under those of now. */
  rename(findings: Iterable<FormerFinding>): void {
    for (const { former, fingerprint, formerDigest, digest } of findings) {
      for (const map of [this.findings, this.acceptedAsMade, this.unconfirmed] as Map<string, unknown>[]) {
        if (map.has(former)) map.set(fingerprint, map.get(former));
        map.delete(former);
      }
      this.held.delete(former);
      if (this.findings.get(fingerprint) === formerDigest) this.findings.set(fingerprint, digest);
    }
  }

  isDifferent(id: string, digest: string): boolean {
    return this.resources.get(id) !== digest;
  }

  /** What accepted a finding as its object showed it itself the last time, though it may have ended since. */
  accepted(fingerprint: string): StoredDecision | undefined {
    return this.acceptedAsMade.get(fingerprint);
  }

  /** The stored findings of which nothing is seen that decisions could be put to, by fingerprint; a namespace's together. */
  unseen(): readonly string[] {
    const held = [...this.held].filter(([fingerprint]) => this.findings.has(fingerprint));
    const places = new Map<string, ObjectKey>([...this.unconfirmed, ...held]);
    const byPlace = groupBy(places, ([, key]) => namespaceOf(key));
    return [...byPlace.values()].flatMap((found) => found.map(([fingerprint]) => fingerprint));
  }

  /**
   * The findings to be written, and the fingerprints of those to be resolved: with those of before the start that are found
   * no more, each as soon as it is known how its object is now. An outage resolves nothing, and opens nothing.
   */
  different(found: readonly FindingRow[], gone: readonly GoneFinding[], sight: FindingSight): Difference {
    const rows = new Map([...this.held.values(), ...found].map((row) => [row.fingerprint, row]));
    for (const { fingerprint } of gone) rows.delete(fingerprint);
    for (const fingerprint of rows.keys()) this.unconfirmed.delete(fingerprint);
    this.held.clear();
    const findings: FindingRow[] = [];
    for (const row of rows.values()) {
      const before = this.findings.get(row.fingerprint);
      if (before === row.digest) continue;
      if (before === undefined ? sight.isAwaited(row) : sight.isRecalled(row))
        this.held.set(row.fingerprint, row);
      else findings.push(row);
    }
    const ended = gone.filter(({ fingerprint }) => this.findings.has(fingerprint));
    for (const { fingerprint, kind, namespace, name } of ended)
      if (sight.isRecalled({ kind, namespace, name }))
        this.unconfirmed.set(fingerprint, { kind, namespace, name });
    const resolved = ended.filter(({ fingerprint }) => !this.unconfirmed.has(fingerprint));
    this.hasCompared = true;
    return {
      findings,
      resolved: [...resolved.map(({ fingerprint }) => fingerprint), ...this.takeLost(sight.isKnown)],
    };
  }

  /** Takes findings that could not be written with the others: they are to be written the next time. */
  hold(rows: readonly FindingRow[]): void {
    for (const row of rows) this.held.set(row.fingerprint, row);
  }

  /** Notes what was written. */
  note({
    resources,
    removed,
    owners = [],
    findings,
    resolved,
  }: {
    readonly resources: readonly ResourceRow[];
    readonly removed: readonly ObjectKey[];
    readonly owners?: readonly OwnersRow[];
    readonly findings: readonly FindingRow[];
    readonly resolved: readonly string[];
  }): void {
    this.isEmpty = false;
    for (const row of [...resources, ...owners]) this.resources.set(idOf(row), row.digest);
    for (const row of resources)
      if (seenInPodsOf(row) === 'object') this.bare.set(idOf(row), keyOf(row));
      else this.bare.delete(idOf(row));
    for (const key of removed) {
      this.resources.delete(idOf(key));
      this.bare.delete(idOf(key));
    }
    for (const row of findings) this.noteFinding(row);
    for (const fingerprint of resolved) {
      this.findings.delete(fingerprint);
      this.acceptedAsMade.delete(fingerprint);
    }
  }

  private noteFinding({ fingerprint, digest, exception, asMade }: FindingRow | LiveFinding): void {
    this.findings.set(fingerprint, digest);
    const accepted = asMade ? asMade.accepted : exception;
    if (accepted) this.acceptedAsMade.set(fingerprint, accepted);
    else this.acceptedAsMade.delete(fingerprint);
  }

  private takeLost(isKnown: (key: ObjectKey) => boolean): string[] {
    const lost = [...this.unconfirmed].filter(([, key]) => isKnown(key)).map(([fingerprint]) => fingerprint);
    for (const fingerprint of lost) this.unconfirmed.delete(fingerprint);
    return lost;
  }
}

/** A finding that is no more. */
export type GoneFinding = ObjectKey & { readonly fingerprint: string };

/** Names a finding that is no more. */
export function goneOf({ fingerprint, resource }: Finding): GoneFinding {
  const { apiVersion, kind, namespace, name } = resource;
  return { fingerprint, kind: groupKindOf(groupOf(apiVersion), kind), namespace, name };
}

/** On what a finding that is no more rested; nothing where it rested on its object alone. */
export function restedOf(finding: Finding): readonly Rested[] {
  const { control, path, restsOn } = finding;
  if (restsOn === undefined) return [];
  const { kind, namespace, name } = goneOf(finding);
  return [{ kind, namespace, name, control, path, restsOn }];
}

/** How well that is seen what findings are about. */
export interface FindingSight {
  /** Whether it is known how an object is now, with all that belongs to it, or that it is not there. */
  readonly isKnown: (key: ObjectKey) => boolean;
  /** Whether an object is known from before the start only: what was written of it stays. */
  readonly isRecalled: (key: ObjectKey) => boolean;
  /** Whether a new finding depends on what was not listed yet: it is not written before that was. */
  readonly isAwaited: (row: FindingRow) => boolean;
}

interface Difference {
  readonly findings: readonly FindingRow[];
  readonly resolved: readonly string[];
}

/** Names an object as a World does. */
export function idOf({ kind, namespace, name }: ObjectKey): string {
  return `${kind}|${namespace}|${name}`;
}

function keyOf({ kind, namespace, name }: ObjectKey): ObjectKey {
  return { kind, namespace, name };
}

/** What a finding is about. One about a Namespace is in it; the object itself is in none. */
export function objectOf(key: ObjectKey): ObjectKey {
  return key.kind === 'Namespace' ? { ...key, namespace: '' } : key;
}
