import type { JsonObject } from '@bulwark/core';
import { BackOff } from '../client/back-off.ts';
import type { KubeClient } from '../client/client.ts';
import { failure, isPassing, type KubeFailure } from '../client/failure.ts';
import type { Gate } from '../client/gate.ts';
import type { WatchEvent } from '../client/watch.ts';
import { apiVersionOf, pathOfKind } from '../discovery/served-kind.ts';
import type { CollectedKind } from '../kinds/plan.ts';
import type { KindSight, MissingRule } from './kind-state.ts';
import { type KnownObjects, keyOf } from './known-objects.ts';
import type { Streams } from './streams.ts';
import { LASTING_MS, type Watched, WatchTrust } from './watch-trust.ts';

/** What the watchers of all kinds of a cluster share. */
export interface WatcherSurroundings {
  readonly client: KubeClient;
  /** Bounds how many kinds are listed at a time. */
  readonly gate: Gate;
  readonly streams: Streams;
  /** When the server last answered a look at whether it is there, in milliseconds; undefined before it did. */
  readonly answeredAt: () => number | undefined;
  /** Goes up when versions from before mean nothing any more. */
  readonly epoch: { readonly number: number };
  readonly upsert: (kind: CollectedKind, objects: readonly JsonObject[]) => Promise<void>;
  readonly remove: (
    kind: CollectedKind,
    keys: readonly { namespace: string; name: string }[],
  ) => Promise<void>;
  readonly state: (kind: CollectedKind, sight: KindSight, objects: number) => Promise<void>;
}

/** A server ends a watch after a time of its own; asking for different times spreads the beginnings of the next. */
const SHORTEST_WATCH_S = 300;
/** What no watch told, because a server had a fault, is seen then; what is unchanged costs nobody but the server. */
const RELIST_MS = 3_600_000;
/** What fails for longer at the first list is not waited for any more. */
const FRESH_MS = 30_000;
const NOTHING_TOLD = failure('garbled', 'The watch ends at once and tells nothing.');
/** A right that is granted later is used within a minute. */
const SHORTEST_RETRY_MS = 30_000;
const RETRY_SPREAD_MS = 25_000;

/** Keeps one kind of a cluster in view: lists it, follows its changes, and says how well it is seen. */
export class KindWatcher {
  readonly kind: CollectedKind;
  readonly known: KnownObjects;
  private readonly surroundings: WatcherSurroundings;
  private readonly signal: AbortSignal;
  private readonly backOff: BackOff;
  private listedAt = 0;
  private listedIn = 0;
  private readonly trust = new WatchTrust();
  /** When everything of the kind was last known to be as it is. */
  private seenAt: number | undefined;
  /** When the kind was first tried. */
  private triedAt: number | undefined;

  constructor(
    kind: CollectedKind,
    surroundings: WatcherSurroundings,
    { known, signal }: { readonly known: KnownObjects; readonly signal: AbortSignal },
  ) {
    this.kind = kind;
    this.known = known;
    this.surroundings = surroundings;
    this.signal = signal;
    const { random } = surroundings.client;
    this.backOff = new BackOff({ firstMs: 500, longestMs: 30_000, random });
  }

  /** Runs until the signal aborts. */
  async run(): Promise<void> {
    await this.see({ state: 'pending' });
    while (!this.signal.aborted) {
      const listed = await this.list();
      if (this.signal.aborted) return;
      if (typeof listed !== 'string') await this.failed(listed, ['list', 'watch']);
      else if (this.kind.canWatch) await this.follow(listed);
      else {
        await this.see({ state: 'polled' });
        await this.pause();
      }
    }
  }

  /** Lists everything; the version from which to watch, or why it failed. */
  private list(): Promise<string | KubeFailure> {
    return this.surroundings.gate.run(async () => {
      const { pageSize, labelSelector } = this.kind;
      const { client } = this.surroundings;
      const options = { pageSize, labelSelector, signal: this.signal, attempts: 1 };
      this.listedIn = this.surroundings.epoch.number;
      this.triedAt ??= client.clock.now();
      const listed = await client.list(pathOfKind(this.kind), options, async ({ items, isFirst }) => {
        if (isFirst) await this.beginList();
        await this.upsert(this.known.takeListed(items));
      });
      if (!listed.ok) return listed.error;
      await this.remove(this.known.endList());
      this.seenAt = client.clock.now();
      this.listedAt = this.seenAt;
      return listed.value.resourceVersion;
    });
  }

  private async beginList(): Promise<void> {
    this.known.beginList();
    if (this.seenAt === undefined) await this.see({ state: 'listing' });
  }

  /** Watches from a version on until everything has to be listed again. */
  private async follow(from: string): Promise<void> {
    const { clock } = this.surroundings.client;
    let resourceVersion = from;
    while (!this.signal.aborted && !this.isOutdated() && !this.hearsNothing()) {
      const began = clock.now();
      const { openedAt, ...end } = await this.watch(resourceVersion);
      if (this.signal.aborted) return;
      resourceVersion = end.resourceVersion;
      if (openedAt !== undefined) this.noteEnd({ ...end, openedAt });
      const isLasting = clock.now() - began >= LASTING_MS;
      if (isLasting && !this.trust.isMute) this.backOff.reset();
      const why = end.failure ?? (this.trust.isMute ? NOTHING_TOLD : undefined);
      if (why !== undefined && (await this.ended(why, openedAt !== undefined))) return;
      if (why === undefined && !isLasting) await this.wait(this.backOff.next());
    }
  }

  /** Watches once, until it ends. */
  private async watch(
    resourceVersion: string,
  ): Promise<Omit<Watched, 'openedAt'> & { readonly openedAt: number | undefined }> {
    const { client, streams } = this.surroundings;
    let openedAt: number | undefined;
    let isHeard = false;
    const end = await streams.run(this.signal, (signal) =>
      client.watch(pathOfKind(this.kind), {
        resourceVersion,
        labelSelector: this.kind.labelSelector,
        timeoutSeconds: Math.round(SHORTEST_WATCH_S * (1 + client.random())),
        silenceMs: this.trust.silenceMs,
        signal,
        onOpen: async () => {
          openedAt = client.clock.now();
          const { sight } = this.trust;
          if (sight !== undefined) await this.see(sight);
        },
        onHeard: async () => {
          isHeard = true;
          if (this.trust.heard(client.clock.now())) await this.see({ state: 'live' });
        },
        onEvents: (events) => this.take(events),
      }),
    );
    return { ...end, openedAt, isHeard };
  }

  /** Notes how a watch ended, and until when it told everything. */
  private noteEnd(watched: Watched): void {
    const { trust, surroundings } = this;
    trust.ended(watched, surroundings.client.clock.now());
    if (!trust.isMute && !this.hearsNothing())
      this.seenAt = this.heardUntil(watched.failure, watched.openedAt);
  }

  private hearsNothing(): boolean {
    return this.trust.hearsNothing(this.surroundings.client.clock.now(), this.listedAt);
  }

  /** Until when a watch that ended told everything: one that was cut, as nobody answered, had said nothing for a while. */
  private heardUntil(failure: KubeFailure | undefined, openedAt: number): number {
    const { answeredAt, client } = this.surroundings;
    return failure?.kind === 'aborted'
      ? Math.max(this.seenAt ?? 0, answeredAt() ?? 0, openedAt)
      : client.clock.now();
  }

  /** Whether the last list was long ago, or of a store that is no more. */
  private isOutdated(): boolean {
    const { client, epoch } = this.surroundings;
    return this.listedIn !== epoch.number || client.clock.now() - this.listedAt > RELIST_MS;
  }

  /** Waits as long as the failure of a watch asks for; answers whether everything has to be listed again. */
  private async ended(why: KubeFailure, wasOpen: boolean): Promise<boolean> {
    switch (why.kind) {
      case 'expired':
        if (this.trust.isDoubted) await this.failed(why, ['watch']);
        else await this.wait(this.backOff.next());
        return true;
      case 'forbidden':
        await this.see({ state: 'polled', missing: this.missing(['watch']) });
        await this.pause();
        return true;
      case 'not-found':
        await this.failed(why, ['watch']);
        return true;
      default:
        if (wasOpen && !this.trust.isDoubted) await this.wait(this.backOff.next(why));
        else await this.failed(why, ['watch']);
        // What no watch tells, a list does; and where something else answers, the list fails and says so.
        return wasOpen && this.trust.isDoubted;
    }
  }

  private async failed(why: KubeFailure, verbs: readonly string[]): Promise<void> {
    if (why.kind === 'forbidden') {
      await this.see({ state: 'denied', missing: this.missing(verbs), reason: why.message });
      await this.pause();
      return;
    }
    const { seenAt } = this;
    const reason = why.kind === 'aborted' ? 'The API server does not answer.' : why.message;
    const wait = this.backOff.next(why);
    const fresh = seenAt === undefined ? this.freshFor(why) : 0;
    if (fresh > 0) {
      await this.see({ state: 'pending', reason, isFresh: true });
      // A server that is busy may ask to come back much later.
      await this.wait(Math.min(fresh, wait));
      if (wait < fresh || this.signal.aborted) return;
    }
    await this.see(
      seenAt === undefined ? { state: 'pending', reason } : { state: 'stale', since: seenAt, reason },
    );
    await this.wait(wait - fresh);
  }

  /** For how long a failure of the first list may still be one of a moment. */
  private freshFor(why: KubeFailure): number {
    if (!isPassing(why) && why.kind !== 'aborted') return 0;
    const now = this.surroundings.client.clock.now();
    return Math.max(0, (this.triedAt ?? now) + FRESH_MS - now);
  }

  private missing(verbs: readonly string[]): MissingRule {
    const { group, resource, namespaced } = this.kind;
    return { verbs, group, resource, namespaced };
  }

  private async take(events: readonly WatchEvent[]): Promise<void> {
    // The last event of an object counts: a batch tells of each object once.
    const last = new Map(events.map((event) => [textOfKey(event.object), event]));
    const gone = [...last.values()]
      .filter(({ type }) => type === 'DELETED')
      .map(({ object }) => keyOf(object));
    const here = [...last.values()].filter(({ type }) => type !== 'DELETED').map(({ object }) => object);
    await this.remove(this.known.drop(gone));
    const apiVersion = apiVersionOf(this.kind);
    await this.upsert(
      this.known.take(here).map((object) => ({ apiVersion, kind: this.kind.kind, ...object })),
    );
  }

  private async upsert(objects: readonly JsonObject[]): Promise<void> {
    if (objects.length > 0) await this.surroundings.upsert(this.kind, objects);
  }

  private async remove(keys: readonly { namespace: string; name: string }[]): Promise<void> {
    if (keys.length > 0) await this.surroundings.remove(this.kind, keys);
  }

  private async see(sight: KindSight): Promise<void> {
    await this.surroundings.state(this.kind, sight, this.known.size);
  }

  private pause(): Promise<void> {
    return this.wait(SHORTEST_RETRY_MS + this.surroundings.client.random() * RETRY_SPREAD_MS);
  }

  private wait(milliseconds: number): Promise<void> {
    return this.surroundings.client.clock.wait(milliseconds, this.signal);
  }
}

function textOfKey(object: JsonObject): string {
  const { namespace, name } = keyOf(object);
  return `${namespace}/${name}`;
}
