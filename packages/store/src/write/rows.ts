import type { JsonObject, Severity } from '@bulwark/core';
import type { Writer } from './last-write.ts';

/** An object as it is stored: its content by hash, and what is its own. */
export interface ResourceRow {
  /** Kind with its API group, as in a World: apps/Deployment. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly uid: string;
  /** The top owner; the object itself where it has none. */
  readonly ownerKind: string;
  readonly ownerName: string;
  /** 32 hexadecimal digits. */
  readonly bodyHash: string;
  /** Of everything but the actor, 32 hexadecimal digits: a row with the digest that is there already is not written. */
  readonly digest: string;
  readonly body: JsonObject;
  readonly instance: JsonObject;
  readonly labels: Readonly<Record<string, string>>;
  readonly isWorkload: boolean;
  readonly images: readonly string[];
  readonly serviceAccount: string;
  readonly team: string | undefined;
  /** How the owner is reached; of workloads only. */
  readonly contacts?: readonly string[] | undefined;
  readonly environment: string | undefined;
  readonly criticality: string | undefined;
  readonly actor: Actor;
  /** Of the version in which its content was first seen. */
  readonly resourceVersion?: string | undefined;
  /** When the object says that it was written last, by the clock of the API server, RFC 3339. */
  readonly written?: string | undefined;
  /** Whether its kind is seen for the first time: what it has always been is no change. */
  readonly isFirst?: boolean;
}

export interface Actor {
  readonly user: string | null;
  readonly groups: readonly string[];
  readonly impersonatedBy: string | null;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly managers: readonly string[];
  /** Of the event in the audit log that tells it. */
  readonly auditId?: string | null;
  /** Whether others could have made the change: the nearest in time is named. */
  readonly isUncertain?: boolean;
  /** Who else wrote to the object since the change before, so that parts of this one may be theirs: the last first. Without a user it is of one of these. */
  readonly others?: readonly OtherActor[];
}

/** One of several who wrote to an object. What is not known is null, or absent as it is stored. */
export type OtherActor = {
  readonly user: string;
  readonly groups?: readonly string[];
  readonly impersonatedBy?: string | null;
  readonly address?: string | null;
  readonly userAgent?: string | null;
};

/**
 * Whose an object is by now that is stored already, and otherwise as it was. What it runs can be left out: that counts for a workload,
 * and whether it is one is told by its owner.
 */
export type OwnersRow = Pick<
  ResourceRow,
  | ('kind' | 'namespace' | 'name' | 'digest' | 'ownerKind' | 'ownerName' | 'isWorkload')
  | ('team' | 'contacts' | 'environment' | 'criticality')
> &
  Partial<Pick<ResourceRow, 'images' | 'serviceAccount'>>;

export interface ObjectKey {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What is stored of an exception with the finding that it covers. */
export interface StoredDecision {
  readonly id: number | null;
  readonly reason: string;
  readonly owner: string | null;
  readonly until: string | null;
  readonly origin: string;
  /** The key of the annotation that says it. */
  readonly annotation?: string;
  /** Who has answered what the annotation asks for. */
  readonly approvedBy?: string;
  readonly refusedBy?: string;
  /** Who had approved it, until it was known that they had asked for it. */
  readonly takenBackFrom?: string;
}

export interface FindingRow extends ObjectKey {
  readonly fingerprint: string;
  /** Of everything else, 32 hexadecimal digits: a row with the digest that is there already is not written. */
  readonly digest: string;
  readonly control: string;
  readonly severity: Severity;
  readonly apiVersion: string;
  readonly container: string | undefined;
  readonly path: string;
  readonly message: string;
  /** Objects in which the cause lies, as `group/Kind|namespace|name`. */
  readonly causes?: readonly string[];
  /** All other objects by which it is so, as `causes` names them: by them its change is found, and they are not kept. */
  readonly restsOn?: readonly string[];
  readonly fixable: boolean;
  readonly exception: StoredDecision | undefined;
  readonly requested: StoredDecision | undefined;
  /**
   * Of one that pods alone show, and not their object as it is by now: what accepted it when the object showed it itself, though it
   * may have ended since; null for nothing. Absent where the object shows it, as then that is its exception, and where nothing
   * accepts it or did.
   */
  readonly asMade?: { readonly accepted: StoredDecision | null };
  readonly team: string | undefined;
  readonly environment: string | undefined;
  readonly criticality: string | undefined;
  /** Whether it is found because something is watched that was not: that is no news of the cluster. */
  readonly isFirst?: boolean;
}

/** A reason why faults of a workload matter more, or less, than those of another. */
export interface StoredReason {
  readonly factor: 'exposure' | 'node' | 'identity' | 'metadata' | 'secrets';
  readonly points: number;
  /** In words that follow the workload's name. */
  readonly text: string;
  /** What decides it, as `Kind namespace/name`. */
  readonly objects: readonly string[];
}

/** What makes faults of a workload matter. */
export interface RiskRow extends ObjectKey {
  /** Of everything else, 32 hexadecimal digits. */
  readonly digest: string;
  /** Between -999 and 8999. */
  readonly points: number;
  /** Who can connect to it: `internet` for anybody. */
  readonly reach: string;
  readonly reasons: readonly StoredReason[];
}

/** The pods that alone show a finding of their workload, as its template does not. */
export interface ShownIn {
  /** Their contents, as `bodyHash` names them. */
  readonly contents: readonly string[];
  /** What they name as what controls them, as `group/Kind|namespace|name`. */
  readonly controllers: readonly string[];
}

/** On what the findings of a control on an object rested that are no more. */
export type Rested = ObjectKey & Required<Pick<FindingRow, 'control' | 'path' | 'restsOn'>>;

/** An object that is not kept any more. */
export interface RemovedObject extends ObjectKey {
  /**
   * Whether that says nothing of the cluster, as where its kind is not collected any more: then it is no change, and nobody is
   * told that its findings ended.
   */
  readonly isUntold?: boolean;
}

/** Everything that one batch of changes of a cluster did, written as one. */
export interface Batch extends Writer {
  readonly at: Date;
  /** Whether it is written only where no hub records the cluster. */
  readonly unlessLeased?: boolean;
  /** Whether nothing of it stays: it is only tried. */
  readonly isTrial?: boolean;
  /** The first that is seen of a cluster: what it has always had is no change. */
  readonly isFirst?: boolean;
  readonly resources: readonly ResourceRow[];
  readonly removed: readonly RemovedObject[];
  /** Objects of which nothing but whose they are is different: because of what other objects say. */
  readonly owners?: readonly OwnersRow[];
  readonly findings: readonly FindingRow[];
  /** Fingerprints. */
  readonly resolved: readonly string[];
  /** On what those of them rested of which it is known. */
  readonly rested?: readonly Rested[];
  /** By fingerprint: in which pods alone findings are, or were until now. */
  readonly shownIn?: ReadonlyMap<string, ShownIn>;
  /** Risks of workloads that are new or different, and the workloads that have none any more. */
  readonly risks?: readonly RiskRow[];
  readonly riskless?: readonly ObjectKey[];
  /** Who deleted what, where it is known. */
  readonly deletedBy?: ReadonlyMap<string, Actor>;
}

export const SEVERITY_NUMBERS = {
  info: 0,
  low: 1,
  medium: 2,
  high: 3,
  critical: 4,
} as const satisfies Record<Severity, number>;
