import { type AuditDelivery, type AuditWrite, isControlPlane, type Json } from '@bulwark/core';
import {
  type AuditEventRow,
  attributeChanges,
  dropOldAuditEvents,
  isAway,
  listAuditSources,
  type Store,
  scopeOf,
  writeAuditArrival,
} from '@bulwark/store';
import { KindNames } from './kind-names.ts';

export interface AuditLogOptions {
  readonly store: Store;
  /** Whether Secrets are watched. */
  readonly secrets: boolean;
  readonly now: () => Date;
  readonly say: (text: string) => void;
}

/** What came from a source, and up to where it was read. */
export interface Arrival {
  readonly cluster: number;
  readonly source: string;
  readonly delivery: AuditDelivery;
  readonly position?: Json;
  /** What tells what may be sent again from everything else. */
  readonly digest?: Buffer;
}

const SOON_MS = 200;
/** A search waits so many times as long as the one before took: a flood of changes leaves time for everything else. */
const REST = 4;
const AGAIN_MS = 1000;
const MINUTE_MS = 60_000;
/** A change is in the database this long after its moment at most. */
const SLACK_MS = 2 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const DROP_EVERY_MS = 10 * MINUTE_MS;

const EVERYTHING = scopeOf({ clusters: 'all', namespaces: 'all' });

/**
 * Keeps what audit logs tell, and finds out who made which change. Both events and changes come in their own time, and the
 * one that comes later wakes the search, so that it always sees both.
 */
export class AuditLog {
  private readonly options: AuditLogOptions;
  private readonly kinds: KindNames;
  /** Clusters of which events have come. */
  private readonly told = new Set<number>();
  /** From which moment on changes are to be looked at, by cluster. */
  private readonly due = new Map<number, Date>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> = Promise.resolve();
  private readonly dropping: ReturnType<typeof setInterval>;
  private pause = SOON_MS;
  private isStopped = false;

  constructor(options: AuditLogOptions) {
    this.options = options;
    this.kinds = new KindNames(options);
    this.dropping = setInterval(() => this.drop(), DROP_EVERY_MS);
  }

  /** Looks at everything that may have come while the hub was away. */
  async start(): Promise<void> {
    const { store } = this.options;
    for (const { clusterId } of await listAuditSources(store, EVERYTHING)) this.told.add(clusterId);
    this.onGap();
  }

  /** Keeps what came from a source; it is safe when this returns. */
  async take({ cluster, source, delivery, ...rest }: Arrival): Promise<void> {
    const { store, now } = this.options;
    const at = now();
    const rows = await this.rowsOf(cluster, delivery.writes, at);
    const { events, unnamed, malformed, last } = delivery;
    await writeAuditArrival(store, cluster, {
      source,
      at,
      rows,
      events,
      unnamed,
      malformed,
      last: last === undefined ? undefined : new Date(last),
      ...rest,
    });
    this.told.add(cluster);
    const first = rows.reduce((least, { received }) => Math.min(least, received), at.getTime());
    if (rows.length > 0) this.wake(cluster, new Date(first - MINUTE_MS));
  }

  /** Told that changes were written. */
  onChanges(cluster: number): void {
    if (this.told.has(cluster)) this.wake(cluster, new Date(this.options.now().getTime() - SLACK_MS));
  }

  /** Told that changes may have been written without word of it. */
  onGap(): void {
    for (const cluster of this.told) this.wake(cluster, new Date(this.options.now().getTime() - DAY_MS));
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    clearInterval(this.dropping);
    await this.running;
  }

  /** The requests that can explain a change that is told, not too old for one. */
  private async rowsOf(cluster: number, writes: readonly AuditWrite[], at: Date): Promise<AuditEventRow[]> {
    const oldest = at.getTime() - DAY_MS;
    const wanted = writes.filter((write) => write.done >= oldest);
    const resources = new Set(wanted.map(({ group, resource }) => `${group}/${resource}`));
    const kinds = await this.kinds.of(cluster, resources);
    return wanted.flatMap(({ group, resource, ...write }) => {
      const kind = kinds.get(`${group}/${resource}`);
      return kind === undefined
        ? []
        : [{ ...write, kind, isRoutine: isRoutine({ ...write, group, resource }) }];
    });
  }

  private wake(cluster: number, from: Date): void {
    const before = this.due.get(cluster);
    if (before === undefined || from < before) this.due.set(cluster, from);
    this.later(this.pause);
  }

  private later(milliseconds: number): void {
    if (this.isStopped) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.running = this.running.then(() => this.attribute());
    }, milliseconds);
  }

  private async attribute(): Promise<void> {
    const { store, say, now } = this.options;
    const start = now().getTime();
    for (const [cluster, from] of this.due) {
      this.due.delete(cluster);
      try {
        await attributeChanges(store, cluster, from);
      } catch (error) {
        if (!isAway(error)) {
          say(`Changes got no actors: ${error instanceof Error ? error.message : 'an unknown failure'}`);
          continue;
        }
        this.due.set(cluster, from);
        this.later(AGAIN_MS);
        return;
      }
    }
    this.pause = Math.max(SOON_MS, REST * (now().getTime() - start));
  }

  private drop(): void {
    const { store, now } = this.options;
    // What cannot be dropped now is dropped the next time.
    this.running = this.running.then(() => dropOldAuditEvents(store, now()).catch(() => undefined));
  }
}

/** Pods and their sets come and go by the hand of controllers, which is no change of its own. */
function isRoutine({ group, resource, effect, actor }: AuditWrite): boolean {
  const isOfOwner = (group === '' && resource === 'pods') || (group === 'apps' && resource === 'replicasets');
  return isOfOwner && effect !== 'changed' && isControlPlane(actor);
}
