import type { GroupKind } from '@bulwark/core';
import type { Clock } from '../clock.ts';
import { type Discovery, isUnknown } from '../discovery/served-kind.ts';
import type { CollectedKind, KindPlan } from '../kinds/plan.ts';
import { groupKindOfWatched, type WatchedKind } from '../kinds/watched-kind.ts';
import type { KindSight } from './kind-state.ts';
import type { Undiscovered } from './sight-without-discovery.ts';
import type { Sink, Unseen } from './sink.ts';

const ABSENT: KindSight = { state: 'absent' };

/** Tells the receiver how well kinds are seen, and each thing only when it is different from before. */
export class Teller {
  private readonly sink: Pick<Sink, 'state' | 'unseen'>;
  private readonly clock: Clock;
  private readonly told = new Map<GroupKind, string>();
  /** What was told last that is not looked at; undefined while the cluster never said what it serves. */
  private unseenNow: Unseen | undefined;

  constructor(sink: Pick<Sink, 'state' | 'unseen'>, clock: Clock) {
    this.sink = sink;
    this.clock = clock;
  }

  /** Tells the state of a kind. */
  async state(kind: CollectedKind | WatchedKind, sight: KindSight, objects: number): Promise<void> {
    const groupKind = groupKindOfWatched(kind);
    const text = JSON.stringify(sight);
    if (this.told.get(groupKind) === text) return;
    this.told.set(groupKind, text);
    const { group, resource, project, why } = kind;
    const version = 'version' in kind ? kind.version : '';
    const about = { groupKind, group, version, kind: kind.kind, resource, project, why };
    await this.sink.state({ ...sight, ...about, objects, at: this.clock.now() });
  }

  /** Tells of everything that is not collected, besides kinds that are kept all the same. */
  async uncollected(
    plan: KindPlan,
    { unknown }: Discovery,
    isKept: (groupKind: GroupKind) => boolean,
  ): Promise<void> {
    for (const kind of plan.withheld) await this.state(kind, { state: 'withheld' }, 0);
    for (const kind of plan.absent) {
      if (isKept(groupKindOfWatched(kind))) continue;
      if (!isUnknown(kind.group, unknown)) {
        await this.state(kind, ABSENT, 0);
        continue;
      }
      const group = kind.group === '' ? 'core API group' : `API group ${kind.group}`;
      await this.unlessAbsent(kind, {
        state: 'pending',
        reason: `The ${group} does not say what it serves.`,
      });
    }
    await this.unseen({ kinds: plan.unwatched, groups: unknown });
  }

  /**
   * Tells that the cluster does not say what it serves. What it is known not to serve is taken to be so until it says something
   * else: it is not lost.
   *
   * @param kinds that are not watched.
   */
  async undiscovered(kinds: Iterable<WatchedKind>, sight: Undiscovered): Promise<void> {
    for (const kind of kinds) await this.unlessAbsent(kind, sight);
    if (this.unseenNow !== undefined) await this.unseen({ ...this.unseenNow, undiscovered: sight });
  }

  private async unlessAbsent(kind: WatchedKind, sight: KindSight): Promise<void> {
    if (this.told.get(groupKindOfWatched(kind)) !== JSON.stringify(ABSENT)) await this.state(kind, sight, 0);
  }

  private async unseen(unseen: Unseen): Promise<void> {
    const [before, now] = [this.unseenNow, unseen].map(
      (each) =>
        each &&
        JSON.stringify([each.kinds.map(({ groupKind }) => groupKind), each.groups, each.undiscovered]),
    );
    this.unseenNow = unseen;
    if (before !== now) await this.sink.unseen?.(unseen);
  }
}
