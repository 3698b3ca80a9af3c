import type { GroupKind, JsonObject } from '@bulwark/core';
import type { ServedKind } from '../discovery/served-kind.ts';
import type { KindState } from './kind-state.ts';
import type { Undiscovered } from './sight-without-discovery.ts';

/** What names an object among those of its kind. `namespace` is empty for cluster-scoped kinds. */
export interface ObjectKey {
  readonly namespace: string;
  readonly name: string;
}

/** An object that the receiver has, from an earlier run. */
export interface KnownObject extends ObjectKey {
  readonly groupKind: GroupKind;
}

/** What a cluster serves and is not looked at. */
export interface Unseen {
  /** Kinds that are not collected. */
  readonly kinds: readonly ServedKind[];
  /** API groups, with version, whose server does not say what it serves. */
  readonly groups: readonly string[];
  /** Why the cluster does not say any more what it serves: what it said before is taken to hold. */
  readonly undiscovered?: Undiscovered;
}

/**
 * Who receives what is collected. Every call is waited for, so that a slow receiver slows the collection instead of
 * filling the memory. Calls of different kinds overlap; those of one kind do not. What a call throws ends the
 * collection.
 */
export interface Sink {
  /**
   * Objects that are new or changed, as the server gave them, with `apiVersion` and `kind`. Of a Secret there are sizes
   * in the place of values; of a CustomResourceDefinition the schemas are left out. Names are short: see `withShortNames`.
   */
  upsert(groupKind: GroupKind, objects: readonly JsonObject[]): Promise<void>;
  /** Objects that are gone. */
  remove(groupKind: GroupKind, keys: readonly ObjectKey[]): Promise<void>;
  /** A kind is seen differently from before. */
  state(state: KindState): Promise<void>;
  /** What is not looked at is different from before. */
  unseen?(unseen: Unseen): Promise<void>;
  /** Told every few seconds, as long as the server answers: when it did, in milliseconds since the epoch. */
  answered?(at: number): void;
}
