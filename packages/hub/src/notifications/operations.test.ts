import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash128 } from '@bulwark/core';
import {
  applyBatch,
  type CoverageRecord,
  createChannel,
  createRoute,
  type EmbeddedServer,
  listDeliveries,
  markClusterAway,
  type NewRoute,
  openStore,
  type ResourceRow,
  registerCluster,
  type Store,
  startEmbedded,
  writeSight,
} from '@bulwark/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sealChannel } from './channels.ts';
import { Dispatcher } from './dispatcher.ts';
import { type Receiver, startMailServer, startReceiver } from './receivers.testing.ts';
import { Sealer } from './sealing.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const MINUTE_MS = 60_000;
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

let folder: string;
let server: EmbeddedServer;
let store: Store;
let cluster: number;
let sealer: Sealer;
let receiver: Receiver;
let now = NOW;
const said: string[] = [];
const open: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-operations-'));
  chmodSync(folder, 0o755);
  server = await startEmbedded({ folder });
  store = await openStore({ url: server.url, now: NOW });
  sealer = new Sealer(join(folder, 'channels.key'));
  const identity = { uid: 'u', caHash: 'c', name: 'prod', server: 'https://x', version: 'v1', isDemo: false };
  cluster = await registerCluster(store, identity, NOW);
}, 60_000);

afterAll(async () => {
  await store?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  now = NOW;
  said.length = 0;
  receiver = await startReceiver();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.stop()));
  receiver.close();
  await store.pool.query(
    'truncate channel, route, notice, delivery, delivery_item, told_finding, trouble, coverage, finding, resource, change',
  );
  expect(said).toEqual([]);
});

async function webhook(): Promise<number> {
  const body = {
    type: 'webhook',
    name: 'hook',
    url: receiver.url,
    signingKey: 'planted-signing-key',
  } as const;
  const sealed = sealChannel(body, sealer);
  return (await createChannel(store, { ...sealed, type: 'webhook', createdAt: NOW, createdBy: null })).id;
}

function start(isOurs = () => true): Dispatcher {
  const dispatcher = new Dispatcher({
    store,
    sealer,
    controls: new Map(),
    origin: () => 'https://bulwark.example.com',
    now: () => now,
    random: () => 0,
    say: (text) => said.push(text),
    isOurs,
    settleMs: 0,
    everyMs: 20,
  });
  open.push(dispatcher);
  return dispatcher;
}

async function eventually(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let count = 0; count < 800; count++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`it never came to be that ${what}`);
}

const state = (name: 'live' | 'syncing', lastSeen: Date | null) =>
  writeSight(store, cluster, {
    at: lastSeen ?? now,
    state: name,
    reason: null,
    lastSeen,
    kinds: [],
    coverage: [],
  });
const seen = (coverage: readonly CoverageRecord[], at: Date) =>
  writeSight(store, cluster, { at, state: 'live', reason: null, lastSeen: at, kinds: [], coverage });
const minutes = (count: number) => new Date(NOW.getTime() + count * MINUTE_MS);
const titles = () => receiver.got.map(({ title }) => title);
const deliveries = () => listDeliveries(store, { limit: 500, below: undefined, channel: undefined });

/** Runs a hub of its own until it has looked for what is to be told, and sent it. */
async function lookOnce(): Promise<void> {
  // It is asked when a turn begins and before each message is claimed: the third time the first turn has claimed what was due.
  let asked = 0;
  const dispatcher = start(() => {
    asked++;
    return true;
  });
  await eventually('it has looked', () => asked > 2);
  await dispatcher.stop();
}

describe('a route about operations', () => {
  const made = async (awayMinutes = 5) =>
    createRoute(store, { ...EVERYTHING, channelId: await webhook(), about: 'operations', awayMinutes }, NOW);

  it('tells once that a cluster is away, over restarts, and once that it is back', async () => {
    await made();
    await state('live', NOW);
    await markClusterAway(store, cluster, 'connection refused');
    now = minutes(4);
    await lookOnce();
    expect(await deliveries()).toEqual([]);

    for (const minute of [6, 7, 90]) {
      now = minutes(minute);
      await lookOnce();
    }
    await eventually('it is told', () => receiver.got.length > 0);
    await state('syncing', null);
    await lookOnce();
    await markClusterAway(store, cluster, 'timed out');
    await lookOnce();
    expect(titles()).toEqual(['prod has been away for 6 min']);
    await state('live', minutes(95));
    now = minutes(95);
    for (const _ of [1, 2]) await lookOnce();

    expect(titles()).toEqual(['prod has been away for 6 min', 'prod is seen again, after 95 min']);
    expect(receiver.got[0]?.items[0]?.text).toBe(
      'Not seen since 2026-11-26T10:00:00.000Z: connection refused',
    );
    await markClusterAway(store, cluster, 'connection refused');
    now = minutes(101);
    await lookOnce();
    expect(titles()[2]).toBe('prod has been away for 6 min');
  });

  it('is told nothing of findings, and a route about findings nothing of operations', async () => {
    await createRoute(store, { ...EVERYTHING, channelId: await webhook() }, NOW);
    await state('live', NOW);
    await markClusterAway(store, cluster, 'connection refused');
    now = minutes(60);
    await lookOnce();

    expect(await deliveries()).toEqual([]);
  });

  it('tells once of what is no longer seen, with its remedy, and not of what was not seen before', async () => {
    await made();
    const gap = (subject: string) =>
      ({
        code: 'missing-permission',
        subject,
        kind: 'lost',
        reason: 'forbidden',
        remedy: `grant ${subject}`,
      }) as const;
    await seen([gap('Secret')], minutes(-1));
    now = minutes(10);
    await lookOnce();
    await seen([gap('Secret'), gap('Node')], minutes(10));
    now = minutes(12);
    await lookOnce();
    expect(await deliveries()).toEqual([]);
    for (const minute of [16, 17, 60]) {
      now = minutes(minute);
      await lookOnce();
    }

    expect(titles()).toEqual(['prod: less is seen than before, 1 gap in coverage']);
    expect(receiver.got[0]?.items).toMatchObject([{ text: 'Node: forbidden', action: 'grant Node' }]);
  });
});

function workload(name: string, namespace: string, contacts: readonly string[] | undefined): ResourceRow {
  return {
    digest: hash128(name),
    kind: 'apps/Deployment',
    namespace,
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
    team: 'payments',
    contacts,
    environment: undefined,
    criticality: undefined,
    actor: { user: null, groups: [], impersonatedBy: null, address: null, userAgent: null, managers: [] },
  };
}

describe('a route to the contacts of owners', () => {
  it.each([
    {
      what: 'the contact of the workload',
      own: ['pay@example.com'],
      to: 'pay@example.com',
      why: 'the contact of the owner',
    },
    {
      what: 'the channel where the domain is not allowed',
      own: ['eve@evil.example'],
      to: 'security@example.com',
      why: 'does not allow',
    },
    {
      what: 'a contact of the same owner in the same namespace',
      own: undefined,
      to: 'near@example.com',
      why: 'the contact of the owner',
    },
  ])('mails $what', async ({ own, to, why }) => {
    const mail = await startMailServer(0);
    const body = {
      type: 'smtp',
      name: 'mail',
      host: '127.0.0.1',
      port: mail.port,
      implicitTls: false,
      from: 'bulwark@example.com',
      to: ['security@example.com'],
      contactDomains: ['example.com'],
    } as const;
    const sealed = sealChannel(
      { ...body, to: [...body.to], contactDomains: [...body.contactDomains] },
      sealer,
    );
    const channel = await createChannel(store, { ...sealed, type: 'smtp', createdAt: NOW, createdBy: null });
    await createRoute(store, { ...EVERYTHING, channelId: channel.id, toContact: true }, NOW);
    const row = {
      control: 'privileged-container',
      severity: 'high',
      kind: 'apps/Deployment',
      apiVersion: 'apps/v1',
      namespace: 'pay',
      name: 'api',
      container: undefined,
      path: 'spec',
      message: 'message',
      fixable: false,
      exception: undefined,
      requested: undefined,
      team: 'payments',
      environment: undefined,
      criticality: undefined,
    } as const;
    await applyBatch(store, cluster, {
      at: now,
      removed: [],
      resolved: [],
      resources: [
        workload('api', 'pay', own),
        workload('near', 'pay', ['near@example.com']),
        workload('far', 'elsewhere', ['far@example.com']),
      ],
      findings: [{ ...row, fingerprint: hash128('1'), digest: hash128('d') }],
    });
    start();
    await eventually('it is sent', async () => (await deliveries())[0]?.state === 'sent');

    expect(mail.mails[0]).toMatch(new RegExp(`^To: ${to}\\r?$`, 'm'));
    expect((await deliveries())[0]?.recipient).toContain(to);
    expect((await deliveries())[0]?.recipient).toContain(why);
    mail.close();
  });
});
