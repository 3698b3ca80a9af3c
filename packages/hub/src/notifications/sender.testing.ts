import { join } from 'node:path';
import { type Control, hash128 } from '@bulwark/core';
import {
  applyBatch,
  type Claim,
  claimDelivery,
  createChannel,
  createRoute,
  type DeliveryRecord,
  type FindingRow,
  listDeliveries,
  type NewRoute,
  planDeliveries,
  type ResourceRow,
  type RiskRow,
  registerCluster,
  type Store,
} from '@bulwark/store';
import { expect } from 'vitest';
import { TestHub } from '../handlers/test-cluster.ts';
import { sealChannel } from './channels.ts';
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts';
import { type Receiver, startReceiver } from './receivers.testing.ts';
import { knowsContact } from './recipient.ts';
import { Sealer } from './sealing.ts';

/** The moment at which each test begins. */
export const NOW = new Date('2026-11-26T10:00:00Z');
const MINUTE_MS = 60_000;

/** By what each of them says better. */
const CONTROLS = new Map(
  Object.entries({
    'host-network': [],
    'privileged-container': ['privilege-escalation'],
    'privilege-escalation': [],
    'host-path': [],
  }).map(([id, covers]) => [
    id,
    { id, title: id, remediation: 'Remove it. Beware of the rest.', covers } as unknown as Control,
  ]),
);

const EVERYTHING: Omit<NewRoute, 'channelId'> = {
  severity: 3,
  owners: null,
  namespaces: null,
  digestMinutes: 0,
  tellsResolved: true,
  about: 'findings',
  awayMinutes: 5,
  toContact: false,
};

const MADE = { createdAt: NOW, createdBy: 'ann' } as const;

/** What happens in the cluster beside findings. */
interface BatchParts {
  readonly resources?: readonly ResourceRow[];
  readonly risks?: readonly RiskRow[];
  readonly resolved?: readonly string[];
  readonly isFirst?: boolean;
}

/** A database with one cluster, what sends messages from it, and a receiver that gets them; for tests. */
export class TestSender {
  readonly store: Store;
  readonly cluster: number;
  receiver: Receiver;
  now = NOW;
  private readonly database: TestHub;
  readonly sealer: Sealer;
  private readonly said: string[] = [];
  private readonly started: Dispatcher[] = [];

  private constructor(parts: { database: TestHub; cluster: number; receiver: Receiver }) {
    this.database = parts.database;
    this.store = parts.database.store;
    this.cluster = parts.cluster;
    this.receiver = parts.receiver;
    this.sealer = new Sealer(join(parts.database.folder, 'channels.key'));
  }

  static async start(): Promise<TestSender> {
    const database = await TestHub.start(NOW);
    const identity = {
      uid: 'u',
      caHash: 'c',
      name: 'prod',
      server: 'https://x',
      version: 'v1',
      isDemo: false,
    };
    const cluster = await registerCluster(database.store, identity, NOW);
    return new TestSender({ database, cluster, receiver: await startReceiver() });
  }

  /** Of the database. */
  get url(): TestHub['url'] {
    return this.database.url;
  }

  /** Ends what a test began; it must have said nothing. */
  async reset(): Promise<void> {
    await this.stopSending();
    this.receiver = await startReceiver();
    this.now = NOW;
    await this.store.pool.query(
      `truncate channel, route, notice, delivery, delivery_item, told_finding, held_finding, trouble, coverage, finding,
       finding_past, resource, change, workload_risk, triage`,
    );
    await this.store.pool.query(
      `update cluster set written_at = null, state = 'connecting', live_since = null`,
    );
    expect(this.said.splice(0)).toEqual([]);
  }

  /** What was said until now. */
  hear(): readonly string[] {
    return this.said.splice(0);
  }

  async stop(): Promise<void> {
    await this.stopSending();
    await this.database.stop();
  }

  private async stopSending(): Promise<void> {
    await Promise.all(this.started.splice(0).map((each) => each.stop()));
    this.receiver.close();
  }

  /** Lets minutes pass. */
  pass(minutes: number): void {
    this.now = new Date(this.now.getTime() + minutes * MINUTE_MS);
  }

  async webhook(name = 'hook', url = this.receiver.url): Promise<number> {
    const body = { type: 'webhook', name, url, signingKey: 'planted-signing-key' } as const;
    return (await createChannel(this.store, { ...sealChannel(body, this.sealer), type: 'webhook', ...MADE }))
      .id;
  }

  /** A webhook of which what is sealed, with the right key, is no secret of a webhook. */
  async brokenWebhook(): Promise<number> {
    const secrets = this.sealer.seal('planted-secret', 'webhook');
    const made = { name: 'broken', settings: { host: 'x' }, secrets, type: 'webhook', ...MADE } as const;
    return (await createChannel(this.store, made)).id;
  }

  /** A mail server without encryption on the loopback address. */
  async mail(port: number, to: readonly string[], contactDomains: readonly string[] = []): Promise<number> {
    const server = { host: '127.0.0.1', port, implicitTls: false, from: 'bulwark@example.com' };
    const readers = { to: [...to], contactDomains: [...contactDomains] };
    const sealed = sealChannel({ type: 'smtp', name: 'mail', ...server, ...readers }, this.sealer);
    return (await createChannel(this.store, { ...sealed, type: 'smtp', ...MADE })).id;
  }

  async route(channelId: number, more: Partial<NewRoute> = {}): Promise<void> {
    await createRoute(this.store, { channelId, ...EVERYTHING, ...more }, NOW);
  }

  /** Starts a hub that sends, until it is stopped or the test is over. */
  start(more: Partial<Pick<DispatcherOptions, 'isOurs' | 'graceMs'>> = {}): Dispatcher {
    const dispatcher = new Dispatcher({
      store: this.store,
      sealer: this.sealer,
      controls: CONTROLS,
      origin: () => 'https://bulwark.example.com',
      now: () => this.now,
      random: () => 0,
      say: (text) => this.said.push(text),
      settleMs: 0,
      everyMs: 20,
      ...more,
    });
    this.started.push(dispatcher);
    return dispatcher;
  }

  /** Something is found in the cluster now. */
  batch(findings: readonly FindingRow[], more: BatchParts = {}): Promise<void> {
    const nothing = { resources: [], removed: [], resolved: [] };
    return applyBatch(this.store, this.cluster, { at: this.now, ...nothing, ...more, findings });
  }

  /** Claims the message that is due as a hub does that is killed then: for some minutes nobody else sends it. */
  async claim(minutes: number): Promise<Claim | undefined> {
    const { store, now } = this;
    await planDeliveries(store, { now, settled: now, knows: knowsContact });
    const leaseEnds = new Date(now.getTime() + minutes * MINUTE_MS);
    return claimDelivery(store, { now, leaseEnds }, [], {
      compose: ({ messageId }) => ({
        id: messageId,
        title: 'lost',
        owners: [],
        items: [],
        at: now.toISOString(),
      }),
      redundancies: [],
    });
  }

  /** The newest first. */
  deliveries(): Promise<readonly DeliveryRecord[]> {
    return listDeliveries(this.store, { limit: 500, below: undefined, channel: undefined });
  }

  /** Whether nothing is on its way any more. */
  async isQuiet(): Promise<boolean> {
    const { rows } = await this.store.pool.query<{ left: number }>(
      `select ((select count(*) from notice) + (select count(*) from delivery where state in ('gathering', 'waiting', 'sending')))::int as left`,
    );
    return rows[0]?.left === 0;
  }
}

/** Waits until something is so. */
export async function eventually(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(isSo, { message: what, interval: 25 }).toBe(true);
}

/** A finding that is told from others by its id. */
export function finding(id: string, more: Partial<FindingRow> = {}): FindingRow {
  const row = {
    control: 'privileged-container',
    severity: 'high',
    kind: 'apps/Deployment',
    apiVersion: 'apps/v1',
    namespace: 'shop',
    name: 'api',
    container: undefined,
    path: 'spec',
    message: `message ${id}`,
    fixable: false,
    exception: undefined,
    requested: undefined,
    team: 'storefront',
    environment: undefined,
    criticality: undefined,
    ...more,
  } as const;
  return { ...row, fingerprint: hash128(id), digest: hash128(JSON.stringify([id, row])) };
}

/** A Deployment that ann made. */
export function workload(name: string, more: Partial<ResourceRow> = {}): ResourceRow {
  return {
    digest: hash128(`${name}${Math.random()}`),
    kind: 'apps/Deployment',
    namespace: 'shop',
    name,
    apiVersion: 'apps/v1',
    uid: name,
    ownerKind: 'apps/Deployment',
    ownerName: name,
    bodyHash: hash128(name),
    body: { name },
    instance: {},
    labels: {},
    isWorkload: true,
    images: [],
    serviceAccount: 'default',
    team: 'storefront',
    environment: undefined,
    criticality: undefined,
    actor: { user: 'ann', groups: [], impersonatedBy: null, address: null, userAgent: null, managers: [] },
    ...more,
  };
}
