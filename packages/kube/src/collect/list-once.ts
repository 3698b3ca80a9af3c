import type { KubeClient } from '../client/client.ts';
import type { KubeFailure } from '../client/failure.ts';
import { Gate } from '../client/gate.ts';
import { discover } from '../discovery/discover.ts';
import { type Discovery, pathOfKind } from '../discovery/served-kind.ts';
import { type CollectedKind, planKinds } from '../kinds/plan.ts';
import type { WatchedKind } from '../kinds/watched-kind.ts';
import { WATCHED_KINDS } from '../kinds/watched-kinds.ts';
import { Definitions } from './definitions.ts';
import type { KindSight } from './kind-state.ts';
import { KnownObjects } from './known-objects.ts';
import { prepare } from './prepare.ts';
import { sightWithoutDiscovery } from './sight-without-discovery.ts';
import type { Sink } from './sink.ts';
import { Teller } from './teller.ts';

/** What is listed, and where it goes. */
export interface ListOnceOptions {
  readonly client: KubeClient;
  readonly sink: Pick<Sink, 'upsert' | 'state' | 'unseen'>;
  readonly signal?: AbortSignal;
  readonly kinds?: readonly WatchedKind[];
  readonly secrets?: boolean;
  /** Where rights end at these namespaces, each is listed alone; nothing else of namespaced kinds is then seen. */
  readonly namespaces?: readonly string[];
}

/** How many kinds are listed at a time. */
const PLACES = 6;

/**
 * Lists a cluster once, and says in the end how well each kind was seen: `live`, `denied`, `withheld`, `absent`, or
 * `pending` with a reason where listing failed. An object may come twice; the later copy counts.
 */
export async function listOnce(options: ListOnceOptions): Promise<void> {
  await new OneList(options).run();
}

class OneList {
  private readonly options: ListOnceOptions;
  private readonly kinds: readonly WatchedKind[];
  private readonly teller: Teller;
  private readonly gate = new Gate(PLACES);
  private readonly definitions = new Definitions(() => undefined);

  constructor(options: ListOnceOptions) {
    this.options = options;
    this.kinds = options.kinds ?? WATCHED_KINDS;
    this.teller = new Teller(options.sink, options.client.clock);
  }

  async run(): Promise<void> {
    const { client, signal } = this.options;
    const found = await discover(client, signal);
    if (!found.ok) {
      const sight = sightWithoutDiscovery(found.error);
      for (const kind of this.kinds) await this.teller.state(kind, sight, 0);
      return;
    }
    const first = this.plan(found.value);
    await this.listAll(first.collected);
    // The definitions that the first round listed show which custom kinds hold pod templates.
    const plan = this.plan(found.value);
    const listed = new Set(first.collected.map(({ groupKind }) => groupKind));
    await this.listAll(plan.collected.filter(({ groupKind }) => !listed.has(groupKind)));
    await this.teller.uncollected(plan, found.value, () => false);
  }

  private plan(discovery: Discovery): ReturnType<typeof planKinds> {
    const { secrets = false } = this.options;
    return planKinds({ kinds: this.kinds, discovery, templates: this.definitions.templates(), secrets });
  }

  private async listAll(kinds: readonly CollectedKind[]): Promise<void> {
    await Promise.all(kinds.map((kind) => this.gate.run(() => this.list(kind))));
  }

  private async list(kind: CollectedKind): Promise<void> {
    const { namespaces = [] } = this.options;
    const whole = await this.listBelow(kind, undefined);
    const isShut = whole.failure?.kind === 'forbidden' && kind.namespaced && namespaces.length > 0;
    const parts = isShut ? [] : [whole];
    if (isShut) for (const namespace of namespaces) parts.push(await this.listBelow(kind, namespace));
    const failed = parts.find(({ failure }) => failure !== undefined)?.failure;
    const objects = parts.reduce((sum, part) => sum + part.objects, 0);
    await this.teller.state(kind, sightOf(kind, failed), objects);
  }

  private async listBelow(
    kind: CollectedKind,
    namespace: string | undefined,
  ): Promise<{ failure: KubeFailure | undefined; objects: number }> {
    const { client, signal } = this.options;
    const seen = new KnownObjects();
    const options = { pageSize: kind.pageSize, labelSelector: kind.labelSelector, signal };
    const listed = await client.list(pathOfKind(kind, namespace), options, async ({ items }) => {
      seen.take(items);
      this.definitions.observe(kind.groupKind, items);
      const prepared = items.map((item) => prepare(kind.groupKind, item));
      if (prepared.length > 0) await this.options.sink.upsert(kind.groupKind, prepared);
    });
    return { failure: listed.ok ? undefined : listed.error, objects: seen.size };
  }
}

function sightOf(
  { group, resource, namespaced }: CollectedKind,
  failure: KubeFailure | undefined,
): KindSight {
  if (failure === undefined) return { state: 'live' };
  if (failure.kind !== 'forbidden') return { state: 'pending', reason: failure.message };
  return {
    state: 'denied',
    missing: { verbs: ['list'], group, resource, namespaced },
    reason: failure.message,
  };
}
