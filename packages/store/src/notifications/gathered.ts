import type { Telling } from '@bulwark/core';
import type { RiskRecord } from '../read/risks.ts';
import type { Actor, ObjectKey, StoredDecision } from '../write/rows.ts';

/** Everything of which a message is made: what was opened and resolved, without what was undone meanwhile. */
export interface Gathered extends GatheredFindings {
  readonly messageId: string;
  /** `first`: a cluster that was never seen. `digest`: everything. `change` and `control`: one root cause. */
  readonly topic: 'first' | 'digest' | 'change' | 'control';
  readonly cluster: { readonly id: number; readonly name: string };
  /** What was changed, where one change is the root cause. */
  readonly change: GatheredChange | null;
}

/** A change, with who made it as far as that is known by now. */
export interface GatheredChange extends ObjectKey {
  readonly id: number;
  readonly verb: string;
  readonly at: Date;
  readonly actor: Actor;
}

export interface GatheredFindings {
  readonly opened: number;
  readonly resolved: number;
  /** How many of those opened are told now only because they are no longer deferred. */
  readonly late: number;
  /** How many of those opened were open already, and are told to those whose they are from now on. */
  readonly handedOver: number;
  /** How many of those opened were accepted, and are neither of these. */
  readonly noLongerAccepted: number;
  /**
   * How many more there are that others of the message say more about, as in the queue: none of them is an item. What is resolved
   * and was an item when it was opened is none of these.
   */
  readonly told: number;
  /** Each once, in the way of writing it that comes first; null is nobody. */
  readonly owners: readonly (string | null)[];
  /**
   * Those who read it; where that is the channel, how the owners of these objects are reached, or where these say nothing, those of
   * the same owners and namespaces.
   */
  readonly contacts: readonly string[];
  /** Null where nothing says. */
  readonly environments: readonly (string | null)[];
  /** The worst, those that were opened first, but some of those resolved; of these, first what was an item. */
  readonly items: readonly GatheredItem[];
  /** Of these, of those that follow and of those that they tell, at most `MOST_LINKED` and one more. */
  readonly fingerprints: readonly string[];
  /** The control of the worst finding that was opened, with what its rank is made from. */
  readonly worst: GatheredCause | null;
}

export interface GatheredItem extends ObjectKey {
  readonly isResolved: boolean;
  readonly fingerprint: string;
  readonly control: string;
  readonly severity: number;
  readonly message: string;
  readonly environment: string | null;
  /** Until when it was deferred, as text, where it is told only because that has ended; else null. */
  readonly deferredUntil: string | null;
  /** Where it was open already, as another's: when it was first seen, as text, and whose it was, null being nobody; else null. */
  readonly handedOver: { readonly firstSeen: string; readonly from: string | null } | null;
  /** Where it was accepted before: when it was first seen, as text, and how that ended, as far as it is still known; else null. */
  readonly accepted: { readonly firstSeen: string; readonly end: GatheredEnd | null } | null;
  /** How often it was resolved and came back before its last word, within what was gathered. */
  readonly returns: number;
}

/** What accepted a finding that is not accepted any more. */
export interface GatheredEnd {
  /** When that ended, as text. */
  readonly at: string;
  readonly exception: StoredDecision;
  /** What was asked for from then on; null for nothing. */
  readonly requested: StoredDecision | null;
  /** Who ended an exception of the hub; null for nobody. */
  readonly revokedBy: string | null;
  /** Who made the change with which it ended; null where it was none. */
  readonly changedBy: Actor | null;
}

/** What is known of the findings of one control in a message; counts are of different objects, except `fixable`. */
export interface GatheredCause {
  readonly control: string;
  readonly severity: number;
  readonly objects: number;
  readonly exposed: number;
  readonly production: number;
  readonly test: number;
  readonly unknownEnvironment: number;
  readonly crownJewels: number;
  readonly nonCritical: number;
  readonly unknownCriticality: number;
  readonly fixable: number;
  readonly riskiest: (ObjectKey & Pick<RiskRecord, 'reasons'>) | null;
}

/** Findings that an address can name. */
export const MOST_LINKED = 60;

/** That findings of a control make those of another redundant in a message: as `Telling` says, or as their `cause`. */
export type Redundancy = Omit<Telling, 'where'> & { readonly where: Telling['where'] | 'cause' };
