import { ANY_WORKLOAD, type GroupKind, toResource } from '@bulwark/core';
import { isAwaited, isSeen, isTried, type KindState } from '@bulwark/kube';
import { isAllStale, isListed } from './coverage.ts';

/** How long findings wait for a kind whose list fails: then to lack them is worse than to have some that will go. */
const PATIENCE_MS = 300_000;

/** How well each kind of a cluster is seen. */
export class KindsInView {
  private readonly states = new Map<GroupKind, KindState>();
  /** Kinds of which all that there was is written. */
  private readonly familiar = new Set<GroupKind>();
  /** Since when the first list of kinds fails, in milliseconds since the epoch. */
  private readonly failing = new Map<GroupKind, number>();
  /** Those for which nothing waits any more. */
  private readonly givenUp = new Set<GroupKind>();

  note(state: KindState): void {
    const { groupKind, at } = state;
    this.states.set(groupKind, state);
    if (!isAwaited(state)) {
      this.failing.delete(groupKind);
      this.givenUp.delete(groupKind);
    } else if (isTried(state, 'at once') && !this.failing.has(groupKind)) this.failing.set(groupKind, at);
  }

  /** Waits no more for the kinds whose first list has failed for minutes, and returns those for which it did before. */
  giveUp(now: Date): readonly GroupKind[] {
    const kinds = [...this.failing]
      .filter(([kind, since]) => now.getTime() - since > PATIENCE_MS && !this.givenUp.has(kind))
      .map(([kind]) => kind);
    for (const kind of kinds) this.givenUp.add(kind);
    return kinds;
  }

  /** Whether what depends on a kind waits for it. */
  isAwaited(kind: GroupKind): boolean {
    const state = this.states.get(kind);
    return state !== undefined && isAwaited(state) && !this.givenUp.has(kind);
  }

  get all(): readonly KindState[] {
    return [...this.states.values()];
  }

  /**
   * Whether everything was listed, or is known not to be had for now.
   *
   * @param hasJudged whether that was so before.
   */
  isListed(hasJudged: boolean): boolean {
    return isListed(this.states.values(), hasJudged);
  }

  /** Whether nothing of the cluster is seen any more. */
  get isStale(): boolean {
    return isAllStale(this.states.values());
  }

  /** Whether all objects of a kind are known as they are now. */
  isSeen(kind: GroupKind): boolean {
    const state = this.states.get(kind);
    return state !== undefined && isSeen(state);
  }

  /** Takes of which kinds all is written that was there at first, before the start or since. */
  remember(kinds: Iterable<GroupKind>): void {
    for (const kind of kinds) this.familiar.add(kind);
  }

  /** Whether a kind was not seen before: what there is of it was there all the time. */
  isNew(kind: GroupKind): boolean {
    return this.states.has(kind) && !this.familiar.has(kind);
  }

  /** The kinds that are seen for the first time, with those of which it is seen that they are not served. */
  seenFirst(): readonly GroupKind[] {
    return this.first().map(({ groupKind }) => groupKind);
  }

  /** The kinds that are watched for the first time. */
  watchedFirst(): readonly GroupKind[] {
    return this.first().flatMap(({ state, groupKind }) => (state === 'absent' ? [] : [groupKind]));
  }

  private first(): readonly KindState[] {
    return this.all.filter((state) => isSeen(state) && this.isNew(state.groupKind));
  }

  /** Whether a kind is left out on purpose. */
  isWithheld(kind: GroupKind): boolean {
    return this.states.get(kind)?.state === 'withheld';
  }

  /** The kinds that were not listed yet and are waited for, `ANY_WORKLOAD` included where one of them has pod templates. */
  awaited(): ReadonlySet<GroupKind> {
    const kinds = new Set<GroupKind>();
    for (const state of this.states.values())
      if (this.isAwaited(state.groupKind)) {
        kinds.add(state.groupKind);
        if (hasTemplates(state)) kinds.add(ANY_WORKLOAD);
      }
    return kinds;
  }
}

/** Of a custom kind it is not known before there are objects. */
function hasTemplates({ group, version, kind }: KindState): boolean {
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const origin = { kind: 'cluster', cluster: '', resourceVersion: '' } as const;
  return toResource({ apiVersion, kind, metadata: {} }, origin).workloads.length > 0;
}
