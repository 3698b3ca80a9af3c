import {
  controllerReference,
  findController,
  type GroupKind,
  type Resource,
  stringAt,
  type World,
} from '@bulwark/core';
import type { FindingRow, ObjectKey } from '@bulwark/store';
import { idOf } from './stored-rows.ts';

/** How long a controller may come after what it made: both are told at once, each by a watch of its own. */
const COMES_WITHIN_MS = 5000;
/** What is older had its controller, which is gone. The clocks of cluster and hub may differ by some seconds. */
const RECENT_MS = 60_000;

export interface EarlyObjectsParts {
  readonly world: World;
  readonly isSeen: (kind: GroupKind) => boolean;
  /** What is judged under the key of an object. */
  readonly named: (key: ObjectKey) => readonly Resource[];
}

/**
 * Objects that are seen before the controller that they name, as a pod before its ReplicaSet. What is found in them is found in that
 * one a moment later, so that it waits for a few seconds; what has no controller by then belongs to itself. Cost: that of each new
 * finding.
 */
export class EarlyObjects {
  private readonly parts: EarlyObjectsParts;
  private readonly since = new Map<string, number>();

  constructor(parts: EarlyObjectsParts) {
    this.parts = parts;
  }

  /** Whether a new finding has to wait for the controller of what it was found in. */
  isEarly(row: FindingRow): boolean {
    if (!this.parts.named(row).some((object) => this.isAwaiting(row, object))) return false;
    const now = Date.now();
    const id = idOf(row);
    const since = this.since.get(id) ?? now;
    this.since.set(id, since);
    return now - since < COMES_WITHIN_MS;
  }

  /** In how many milliseconds it has to be asked again, if something waits. */
  get dueInMs(): number | undefined {
    const now = Date.now();
    for (const [id, since] of this.since) if (now - since > RECENT_MS) this.since.delete(id);
    const due = [...this.since.values()].map((since) => since + COMES_WITHIN_MS - now).filter((ms) => ms > 0);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  private isAwaiting(row: ObjectKey, object: Resource): boolean {
    const { world, isSeen } = this.parts;
    const controller = controllerReference(object);
    const created = Date.parse(stringAt(object.object, 'metadata', 'creationTimestamp') ?? '');
    return (
      controller !== undefined &&
      Date.now() - created < RECENT_MS &&
      isSeen(controller.groupKind) &&
      findController(world, row, controller) === undefined
    );
  }
}
