import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash128 } from '@bulwark/core';
import { backup, restore } from '../backup/backup.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from '../write/apply.ts';
import { registerCluster } from '../write/clusters.ts';
import { triage } from '../write/decisions.ts';
import type { FindingRow, ResourceRow, StoredDecision } from '../write/rows.ts';
import { type ChannelRecord, createChannel } from './channels.ts';
import { type Claim, claimDelivery, finishAttempt } from './deliveries.ts';
import type { Gathered, Redundancy } from './gathered.ts';
import { planDeliveries } from './plan.ts';
import type { Knows } from './reader.ts';
import { createRoute, listRoutes, type NewRoute, updateRoute } from './routes.ts';

const START = Date.parse('2026-11-26T12:00:00Z');

/** Minutes after a test begins. */
export const at = (minutes: number): Date => new Date(START + minutes * 60_000);

export const ACCEPTED: StoredDecision = { id: 1, reason: 'fine', owner: null, until: null, origin: 'hub' };

const REDUNDANCIES: readonly Redundancy[] = [
  { by: 'privileged', told: 'escalation', where: 'part' },
  { by: 'node-access', told: 'privileged', where: 'place' },
  { by: 'takeover', told: 'admin-binding', where: 'cause' },
];

const DIGEST: Omit<NewRoute, 'channelId'> = {
  severity: 0,
  owners: null,
  namespaces: null,
  digestMinutes: 30,
  tellsResolved: true,
  about: 'findings',
  awayMinutes: 5,
  toContact: false,
};

let restored = 0;

/** A database with one cluster, from which messages are taken as a hub takes them; for tests. */
export class TestGathering {
  readonly store: Store;
  readonly cluster: number;
  private readonly databases: TestDatabases;

  private constructor(parts: { store: Store; cluster: number; databases: TestDatabases }) {
    this.store = parts.store;
    this.cluster = parts.cluster;
    this.databases = parts.databases;
  }

  static async start(): Promise<TestGathering> {
    const databases = await testDatabases();
    const store = await openStore({ url: await databases.database('gathered'), now: at(0) });
    const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
    return new TestGathering({ store, cluster: await registerCluster(store, identity, at(0)), databases });
  }

  async reset(): Promise<void> {
    await this.store.pool.query(
      'truncate channel, route, notice, delivery, finding, finding_past, triage, resource, coverage cascade',
    );
    await this.store.pool.query(
      `update cluster set written_at = null, state = 'connecting', live_since = null`,
    );
  }

  /** The same as a backup of it has it; its store is to be closed. */
  async restored(): Promise<TestGathering> {
    const folder = mkdtempSync(join(tmpdir(), 'bulwark-gathered-'));
    try {
      const file = join(folder, 'one.backup');
      await backup(this.store, file, { now: at(0) });
      const url = await this.databases.database(`restored_${++restored}`);
      await restore(url, file);
      const { cluster, databases } = this;
      return new TestGathering({ store: await openStore({ url, now: at(0) }), cluster, databases });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async stop(): Promise<void> {
    await this.store.close();
    await this.databases.drop();
  }

  /**
   * A digest of half an hour about everything, unless told, to a channel of its own, whose number is given: a webhook, or mail where
   * it leads to contacts.
   */
  async route(more: Partial<NewRoute> = {}): Promise<number> {
    const { channelId = await this.channel(more.toContact === true ? 'smtp' : 'webhook') } = more;
    await createRoute(this.store, { ...DIGEST, ...more, channelId }, at(0));
    return channelId;
  }

  /** A channel that reaches every contact, unless it is a webhook. */
  async channel(type: ChannelRecord['type'] = 'webhook'): Promise<number> {
    const name = `hook ${(await this.store.pool.query('select from channel')).rowCount}`;
    const made = { settings: {}, secrets: Buffer.from(''), createdAt: at(0), createdBy: 'ann' };
    return (await createChannel(this.store, { name, type, ...made })).id;
  }

  /** Changes the route that was made first. */
  async changeRoute(more: Partial<NewRoute>): Promise<void> {
    const [route] = (await listRoutes(this.store)).toSorted((a, b) => a.id - b.id);
    if (route === undefined) throw new Error('there is no route');
    await updateRoute(this.store, route.id, { ...route, ...more });
  }

  /** Changes all routes. */
  async changeRoutes(more: Partial<NewRoute>): Promise<void> {
    for (const route of await listRoutes(this.store))
      await updateRoute(this.store, route.id, { ...route, ...more });
  }

  /** Has owners be reached by contacts, or no more: a workload of theirs beside what is found says so. */
  async reach(
    owners: readonly string[],
    contactOf: (owner: string) => string | undefined = (owner) => `#${owner}`,
  ): Promise<void> {
    const resources = owners.map((team) => workload(team, contactOf(team)));
    await applyBatch(this.store, this.cluster, {
      at: at(0),
      resources,
      removed: [],
      findings: [],
      resolved: [],
    });
  }

  /** Writes what was found and what is gone. */
  async find(
    minute: number,
    findings: readonly FindingRow[],
    gone: readonly FindingRow[] = [],
  ): Promise<void> {
    const resolved = gone.map(({ fingerprint }) => fingerprint);
    const batch = { at: at(minute), resources: [], removed: [], findings, resolved };
    await applyBatch(this.store, this.cluster, batch);
  }

  /** Writes what was found and what is gone, and plans what is told of it. */
  async write(
    minute: number,
    findings: readonly FindingRow[],
    gone: readonly FindingRow[] = [],
  ): Promise<void> {
    await this.find(minute, findings, gone);
    await this.plan(minute);
  }

  /** Plans what is told, at some minute; what is no digest gathers until another one. */
  plan(minute: number, settled = minute): Promise<void> {
    const knows: Knows = ({ type }) => type !== 'webhook';
    return planDeliveries(this.store, { now: at(minute), settled: at(settled), knows });
  }

  /** Puts a finding off until some minute; null takes that back. */
  async defer({ fingerprint }: FindingRow, until: number | null): Promise<void> {
    const deferredUntil = until === null ? null : at(until);
    await triage(this.store, [{ cluster: this.cluster, fingerprint }], {
      deferredUntil,
      author: 'ann',
      at: at(0),
    });
  }

  /** Has the receiver of the next message that is due not take it until some minute. */
  async refuse(minute: number, until: number): Promise<void> {
    const failed = { state: 'waiting', answer: '503', failures: 1, now: at(minute), due: at(until) } as const;
    await finishAttempt(this.store, await this.claim(minute), failed);
  }

  /** Has the next message that is due be given up. */
  async giveUp(minute: number, { mayHaveCome = false } = {}): Promise<void> {
    const claim = await this.claim(minute);
    const failures = mayHaveCome ? claim.failures : claim.attempt;
    const failed = { state: 'failed', answer: '404', failures, now: at(minute), due: at(minute) } as const;
    await finishAttempt(this.store, claim, failed);
  }

  private async claim(minute: number): Promise<Claim> {
    const making = { compose: () => ({ id: 'refused' }), redundancies: [] };
    const claim = await claimDelivery(this.store, { now: at(minute), leaseEnds: at(minute + 3) }, [], making);
    if (claim === undefined) throw new Error('there is no message');
    return claim;
  }

  /** The next message that is due; undefined where there is none. */
  async message(minute: number): Promise<Gathered | undefined> {
    return (await this.sent(minute))?.gathered;
  }

  /** The same, with who reads it: contacts, or the channel. */
  async sent(
    minute: number,
  ): Promise<{ readonly gathered: Gathered | undefined; readonly reader: string } | undefined> {
    let gathered: Gathered | undefined;
    await this.plan(minute);
    const claim = await claimDelivery(this.store, { now: at(minute), leaseEnds: at(minute + 3) }, [], {
      compose: (made) => {
        gathered = made;
        return { id: made.messageId };
      },
      redundancies: REDUNDANCIES,
    });
    if (claim === undefined) return undefined;
    const sent = { state: 'sent', answer: '', now: at(minute), due: at(minute) } as const;
    await finishAttempt(this.store, claim, sent);
    const reader = claim.isReadByContact ? (gathered?.contacts ?? []).join() : `channel ${claim.channelId}`;
    return { gathered, reader };
  }
}

/** A workload of an owner that says how that is reached. */
function workload(team: string, contact: string | undefined): ResourceRow {
  const contacts = contact === undefined ? undefined : [contact];
  const place = { kind: 'apps/Deployment', namespace: 'shop', name: `of-${team}` };
  const actor = {
    user: null,
    groups: [],
    impersonatedBy: null,
    address: null,
    userAgent: null,
    managers: [],
  };
  const row = {
    ...{ ...place, apiVersion: 'apps/v1', uid: team, ownerKind: place.kind, ownerName: place.name },
    ...{ bodyHash: hash128(team), body: {}, instance: {}, labels: {}, isWorkload: true, images: [] },
    ...{ serviceAccount: 'default', team, contacts, environment: undefined, criticality: undefined, actor },
  };
  return { ...row, digest: hash128(JSON.stringify(row)) };
}

/** A finding that is told from others by its control and place. */
export function finding(control: string, more: Partial<FindingRow> = {}): FindingRow {
  const row = {
    control,
    severity: 'high' as const,
    kind: 'apps/Deployment',
    apiVersion: 'apps/v1',
    namespace: 'shop',
    name: 'web',
    container: 'app',
    path: 'spec.template.spec.containers[app].securityContext',
    message: 'It is wrong.',
    fixable: false,
    exception: undefined,
    requested: undefined,
    team: 'storefront',
    environment: undefined,
    criticality: undefined,
    ...more,
  };
  const place = [control, row.name, row.container ?? '', row.path];
  return { ...row, fingerprint: hash128(place.join('|')), digest: hash128(JSON.stringify(row)) };
}

/** The control of a finding that goes from hand to hand, and the finding. */
export const CONTROL = 'privileged';
export const FOUND = finding(CONTROL);
/** The same where another team has it. */
export const MOVED = finding(CONTROL, { team: 'payments' });

/** What is shown of a message, each with whether it was opened or resolved. */
export function shown(gathered: Gathered | undefined): readonly string[] | undefined {
  return gathered?.items.map(({ control, isResolved }) => `${isResolved ? 'resolved' : 'opened'} ${control}`);
}
