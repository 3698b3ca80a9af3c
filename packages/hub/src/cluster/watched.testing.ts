import { CONTROLS } from '@bulwark/controls';
import { type JsonObject, ok } from '@bulwark/core';
import { type Clock, collect, KubeClient, SYSTEM_CLOCK } from '@bulwark/kube';
import { createChannel, createRoute, registerCluster } from '@bulwark/store';
import { type FakeApiServer, fakeApiServer } from '@bulwark/testkit';
import { loadAll } from 'js-yaml';
import { onTestFinished } from 'vitest';
import { TestHub, UNDECIDED } from '../handlers/test-cluster.ts';
import type { DecisionSettings } from './decisions.ts';
import { Recorder } from './recorder.ts';

/** How much faster than the machine's the clock of the collector runs. */
const SPEED = 20;
const BEGAN = Date.now();
const CLOCK: Clock = {
  now: () => BEGAN + (Date.now() - BEGAN) * SPEED,
  wait: (milliseconds, signal) => SYSTEM_CLOCK.wait(Math.ceil(milliseconds / SPEED), signal),
};

/** Everything that is kept of a cluster, but how much of it is seen. */
export type Kept = Readonly<Record<string, readonly JsonObject[]>>;

const KEPT = ['finding', 'finding_past', 'workload_risk', 'resource', 'resource_past', 'change', 'notice'];

/** Objects as YAML. */
export function objectsOf(yaml: string): JsonObject[] {
  return loadAll(yaml) as JsonObject[];
}

/** A cluster with an API server, that a hub with a database of its own watches as often as it is started. */
export class WatchedCluster {
  readonly server: FakeApiServer;
  readonly id: number;
  /** The present moment where a test wants another one. */
  now: Date | undefined;
  /** Whether Secrets are collected from the next start on. */
  secrets = false;
  private readonly hub: TestHub;
  private readonly name: string;
  private running: { readonly recorder: Recorder; readonly stop: () => Promise<void> } | undefined;

  private constructor(parts: { server: FakeApiServer; id: number; hub: TestHub; name: string }) {
    this.server = parts.server;
    this.id = parts.id;
    this.hub = parts.hub;
    this.name = parts.name;
  }

  static async of(hub: TestHub, name: string, objects: Iterable<JsonObject>): Promise<WatchedCluster> {
    const server = await fakeApiServer({ bookmarkMs: 100, objects });
    const identity = { uid: name, caHash: name, name, server: server.url, isDemo: false };
    const id = await registerCluster(hub.store, { ...identity, version: 'v1.34.0' }, new Date());
    return new WatchedCluster({ server, id, hub, name });
  }

  /** One that ends with the test. */
  static async inTest(hub: TestHub, name: string, objects: Iterable<JsonObject>): Promise<WatchedCluster> {
    const cluster = await WatchedCluster.of(hub, name, objects);
    onTestFinished(() => cluster.close());
    return cluster;
  }

  /** Ends it, with its server. */
  async close(): Promise<void> {
    await this.stop();
    await this.server.stop();
  }

  /** Starts to watch it, as a hub does that starts or takes over; resolves when everything was judged once. */
  async start(decisions: DecisionSettings = UNDECIDED): Promise<void> {
    const recorder = await this.begin(decisions);
    await this.until(() => recorder.isJudged);
    await recorder.flush();
  }

  /** Starts to watch it, and waits for nothing. */
  async begin(decisions: DecisionSettings = UNDECIDED): Promise<Recorder> {
    const { store } = this.hub;
    const client = new KubeClient({
      clock: CLOCK,
      timeoutMs: 200_000,
      access: {
        name: this.name,
        server: new URL(this.server.url),
        namespace: 'default',
        trust: { serverName: undefined, insecure: false, authorities: async () => ok(undefined) },
        proxy: undefined,
        impersonation: undefined,
        credentials: { current: async () => ok({}), refused: () => undefined },
        compress: false,
      },
    });
    const ending = new AbortController();
    const recorder = new Recorder({
      store,
      cluster: this.id,
      name: this.name,
      version: 'v1.34.0',
      controls: CONTROLS.filter(({ profile }) => profile !== 'opt-in'),
      decisions,
      now: () => this.now ?? new Date(),
      wait: (milliseconds) => SYSTEM_CLOCK.wait(milliseconds),
      onDatabase: () => undefined,
    });
    const known = await recorder.load();
    const collected = collect({
      client,
      sink: recorder,
      signal: ending.signal,
      known,
      secrets: this.secrets,
    });
    const stop = async (): Promise<void> => {
      ending.abort();
      await collected;
      await recorder.stop();
      await client.close();
    };
    this.running = { recorder, stop };
    return recorder;
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
  }

  /** Resolves when a kind is seen in a way, and what came with it was judged. */
  async sees(kind: string, state: string): Promise<void> {
    await this.until(async () => {
      const { rows } = await this.hub.store.pool.query<{ kinds: { kind: string; state: string }[] }>(
        'select kinds from cluster where id = $1',
        [this.id],
      );
      return rows[0]?.kinds.some((each) => each.kind === kind && each.state === state) === true;
    });
    await this.running?.recorder.flush();
  }

  /** Resolves when nothing of it is seen any more. */
  async isAway(): Promise<void> {
    await this.until(() => this.running?.recorder.isStale === true);
  }

  /** Lets time go by, as a timer does, and judges at once what came of it. */
  async tick(): Promise<void> {
    await this.running?.recorder.tick();
    await this.running?.recorder.flush();
  }

  /** Gives the recorder decisions. */
  async decide(decisions: DecisionSettings): Promise<void> {
    await this.running?.recorder.decide(decisions);
    await this.running?.recorder.flush();
  }

  async kept(): Promise<Kept> {
    const kept: Record<string, readonly JsonObject[]> = {};
    for (const table of KEPT) {
      const { rows } = await this.hub.store.pool.query<{ row: JsonObject }>(
        `select to_jsonb(t) as row from ${table} t where cluster_id = $1 order by to_jsonb(t)::text`,
        [this.id],
      );
      kept[table] = rows.map(({ row }) => row);
    }
    return kept;
  }

  private async until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    const end = Date.now() + 40_000;
    while (!(await isSo())) {
      if (Date.now() > end) throw new Error('it did not come to that');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A hub that has everything told. */
export async function tellingHub(): Promise<TestHub> {
  const hub = await TestHub.start(new Date());
  await tellEverything(hub);
  return hub;
}

/** Has every finding of any severity told, and every end of one. */
export async function tellEverything({ store }: TestHub): Promise<void> {
  const channel = await createChannel(store, {
    name: 'all',
    type: 'webhook',
    settings: {},
    secrets: Buffer.alloc(0),
    createdAt: new Date(),
    createdBy: 'ann',
  });
  await createRoute(
    store,
    {
      channelId: channel.id,
      severity: 0,
      owners: null,
      namespaces: null,
      digestMinutes: 0,
      tellsResolved: true,
      about: 'findings',
      awayMinutes: 5,
      toContact: false,
    },
    new Date(),
  );
}
