import type { GroupKind } from '@bulwark/core';
import type { Clock } from '../clock.ts';
import { type Discovery, isUnknown } from '../discovery/served-kind.ts';
import type { CollectedKind, KindPlan } from '../kinds/plan.ts';
import { groupKindOfWatched, type WatchedKind } from '../kinds/watched-kind.ts';
import type { KindSight } from './kind-state.ts';
import type { Sink } from './sink.ts';

/** Tells the receiver how well kinds are seen, and each thing only when it is different from before. */
export class Teller {
  private readonly sink: Pick<Sink, 'state' | 'unseen'>;
  private readonly clock: Clock;
  private readonly told = new Map<GroupKind, string>();
  private toldUnseen = '';

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
      const group = kind.group === '' ? 'core API group' : `API group ${kind.group}`;
      const reason = `The ${group} does not say what it serves.`;
      await this.state(
        kind,
        isUnknown(kind.group, unknown) ? { state: 'pending', reason } : { state: 'absent' },
        0,
      );
    }
    const { unwatched } = plan;
    const text = JSON.stringify([unwatched.map(({ groupKind }) => groupKind), unknown]);
    if (this.toldUnseen === text) return;
    this.toldUnseen = text;
    await this.sink.unseen?.({ kinds: unwatched, groups: unknown });
  }
}
