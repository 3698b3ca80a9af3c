import { type GroupKind, groupOf, type JsonObject, type Result } from '@bulwark/core';
import type { KubeFailure } from '../client/failure.ts';
import { Gate } from '../client/gate.ts';
import { confirmed, discover } from '../discovery/discover.ts';
import { apiVersionOf, type Discovery, isUnknown } from '../discovery/served-kind.ts';
import { type CollectedKind, type KindPlan, planKinds } from '../kinds/plan.ts';
import { groupKindOfWatched, type WatchedKind } from '../kinds/watched-kind.ts';
import type { CollectOptions } from './collect.ts';
import { Definitions } from './definitions.ts';
import { KindWatcher, type WatcherSurroundings } from './kind-watcher.ts';
import { KnownObjects } from './known-objects.ts';
import { prepare } from './prepare.ts';
import { Pulse } from './pulse.ts';
import { sightWithoutDiscovery } from './sight-without-discovery.ts';
import type { ObjectKey } from './sink.ts';
import { Streams } from './streams.ts';
import { Tasks } from './tasks.ts';
import { Teller } from './teller.ts';
import { Wake } from './wake.ts';

interface Running {
  readonly watcher: KindWatcher;
  readonly stop: () => Promise<void>;
}

/** How many kinds are listed at a time. */
const PLACES = 4;
const REDISCOVER_MS = 60_000;
/** After something that defines kinds has changed, discovery follows within moments. */
const SOON_MS = [1_000, 5_000];
/** A server that starts may not yet know its custom kinds: only what is missing for that long is gone. */
const CONFIRM_MS = 10_000;

/** Runs the watchers of a cluster: one for each kind that it serves and that matters. */
export class Collector {
  private readonly options: CollectOptions & { readonly kinds: readonly WatchedKind[] };
  private readonly tasks: Tasks;
  private readonly surroundings: WatcherSurroundings;
  private readonly streams = new Streams();
  private readonly epoch = { number: 0 };
  private pulse: Pulse | undefined;
  private readonly wake: Wake;
  private readonly definitions: Definitions;
  private readonly teller: Teller;
  private readonly running = new Map<GroupKind, Running>();
  /** What the receiver has of kinds that are not watched yet. */
  private readonly inherited = new Map<GroupKind, ObjectKey[]>();
  /** Since when discovery does not name a kind that is watched or inherited, by the client's clock in milliseconds. */
  private readonly missedSince = new Map<GroupKind, number>();

  constructor(options: CollectOptions & { readonly kinds: readonly WatchedKind[] }) {
    this.options = options;
    const { client, sink, signal } = options;
    this.tasks = new Tasks(signal);
    this.wake = new Wake(client.clock);
    this.definitions = new Definitions(() => this.wake.after(SOON_MS));
    this.teller = new Teller(sink, client.clock);
    this.surroundings = {
      client,
      gate: new Gate(PLACES),
      streams: this.streams,
      answeredAt: () => this.pulse?.answeredAt,
      epoch: this.epoch,
      upsert: (kind, objects) => this.upsert(kind, objects),
      remove: (kind, keys) => this.remove(kind.groupKind, keys),
      state: (kind, sight, objects) => this.teller.state(kind, sight, objects),
    };
  }

  /** Runs until the signal aborts; throws what the sink throws. */
  async run(): Promise<void> {
    for await (const { groupKind, namespace, name } of this.options.known ?? []) {
      const found = this.inherited.get(groupKind);
      if (found === undefined) this.inherited.set(groupKind, [{ namespace, name }]);
      else found.push({ namespace, name });
    }
    const pulse = new Pulse(
      this.options.client,
      {
        onAnswer: (at) => this.options.sink.answered?.(at),
        onSilence: () => this.streams.cut(),
        onSetBack: () => {
          this.epoch.number++;
          this.streams.cut();
        },
        onVersion: (version) => this.options.onVersion?.(version),
      },
      { uid: this.options.uid, version: this.options.version },
    );
    this.pulse = pulse;
    void this.tasks.start(() => pulse.run(this.tasks.signal));
    void this.tasks.start(() => this.keepDiscovering());
    await this.tasks.ended();
  }

  private async keepDiscovering(): Promise<void> {
    const { signal } = this.tasks;
    while (!signal.aborted) {
      const found = await discover(this.options.client, signal);
      if (signal.aborted) return;
      const isSettled = await this.discovered(found);
      await this.wake.wait(isSettled ? REDISCOVER_MS : CONFIRM_MS, signal);
    }
  }

  /** Acts on what discovery says; answers whether it may stay at that for a while. */
  private async discovered(found: Result<Discovery, KubeFailure>): Promise<boolean> {
    const { kinds, secrets = false } = this.options;
    if (!found.ok) {
      const others = kinds.filter(
        (kind) =>
          // Nobody looks at what is withheld, whether the cluster serves it or not.
          !(kind.isSecret === true && !secrets) && !this.running.has(groupKindOfWatched(kind)),
      );
      await this.teller.undiscovered(others, sightWithoutDiscovery(found.error));
      return false;
    }
    // What was collected once stays collected as long as it is served.
    const templates = new Set([
      ...this.definitions.templates(),
      ...this.running.keys(),
      ...this.inherited.keys(),
    ]);
    const { client } = this.options;
    const before = [...this.running.keys(), ...this.inherited.keys()];
    const discovery = await confirmed(client, found.value, { before, signal: this.tasks.signal });
    if (this.tasks.signal.aborted) return false;
    const plan = planKinds({ kinds, discovery, templates, secrets });
    for (const kind of plan.collected) await this.keep(kind, discovery.unknown);
    const isSettled = await this.drop(plan, discovery);
    // What may yet be named by the next answer is not told as gone either.
    await this.teller.uncollected(plan, discovery, (groupKind) => {
      const isAwaited = this.inherited.has(groupKind) && !isUnknown(groupOf(groupKind), discovery.unknown);
      return isAwaited || this.running.has(groupKind);
    });
    return isSettled;
  }

  private async keep(kind: CollectedKind, unknown: readonly string[]): Promise<void> {
    const { groupKind } = kind;
    const before = this.running.get(groupKind);
    this.missedSince.delete(groupKind);
    if (before !== undefined) {
      const { version, resource, canWatch } = before.watcher.kind;
      if (version === kind.version && resource === kind.resource && canWatch === kind.canWatch) return;
      // While its version does not answer, another one is not preferred to it.
      if (unknown.includes(apiVersionOf(before.watcher.kind))) return;
      await before.stop();
      // In another version of the API objects have another form, also those that did not change.
      if (version !== kind.version) before.watcher.known.forgetVersions();
    }
    const known = before?.watcher.known ?? new KnownObjects(this.inherited.get(groupKind));
    this.inherited.delete(groupKind);
    const own = this.tasks.child();
    const watcher = new KindWatcher(kind, this.surroundings, { known, signal: own.signal });
    const ended = this.tasks.start(() => watcher.run());
    const stop = async (): Promise<void> => {
      own.abort();
      await ended;
    };
    this.running.set(groupKind, { watcher, stop });
  }

  /** Lets go of kinds that are no longer served; answers whether none is left that may be. */
  private async drop(plan: KindPlan, { unknown }: Discovery): Promise<boolean> {
    const collected = new Set(plan.collected.map(({ groupKind }) => groupKind));
    let isSettled = true;
    for (const [groupKind, { watcher, stop }] of this.running) {
      const { kind, known } = watcher;
      if (collected.has(groupKind) || isUnknown(kind.group, unknown)) continue;
      if (this.isGone(groupKind)) {
        this.running.delete(groupKind);
        await stop();
        await this.remove(groupKind, known.dropAll());
        await this.teller.state(kind, { state: 'absent' }, 0);
      } else isSettled = false;
    }
    for (const [groupKind, keys] of this.inherited) {
      if (isUnknown(groupOf(groupKind), unknown)) continue;
      if (this.isGone(groupKind)) {
        this.inherited.delete(groupKind);
        await this.remove(groupKind, keys);
      } else isSettled = false;
    }
    return isSettled;
  }

  private isGone(groupKind: GroupKind): boolean {
    const now = this.options.client.clock.now();
    const since = this.missedSince.get(groupKind) ?? now;
    const isGone = now - since >= CONFIRM_MS;
    if (isGone) this.missedSince.delete(groupKind);
    else this.missedSince.set(groupKind, since);
    return isGone;
  }

  private async upsert({ groupKind }: CollectedKind, objects: readonly JsonObject[]): Promise<void> {
    this.definitions.observe(groupKind, objects);
    const prepared = objects.map((object) => prepare(groupKind, object));
    await this.options.sink.upsert(groupKind, prepared);
  }

  private async remove(groupKind: GroupKind, keys: readonly ObjectKey[]): Promise<void> {
    this.definitions.forget(groupKind, keys);
    if (keys.length > 0) await this.options.sink.remove(groupKind, keys);
  }
}
