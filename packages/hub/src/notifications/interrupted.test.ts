import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FINDING_FIELDS, hash128, parseQuery } from '@bulwark/core';
import {
  applyBatch,
  createChannel,
  createRoute,
  type EmbeddedServer,
  type FindingRow,
  listDeliveries,
  listFindings,
  type NewRoute,
  openStore,
  registerCluster,
  type Store,
  scopeOf,
  startEmbedded,
} from '@bulwark/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sealChannel } from './channels.ts';
import { Dispatcher } from './dispatcher.ts';
import { type Receiver, startMailServer, startReceiver } from './receivers.testing.ts';
import { Sealer } from './sealing.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const MINUTE_MS = 60_000;
const FOREVER_MS = 10 * MINUTE_MS;

let folder: string;
let server: EmbeddedServer;
let store: Store;
let cluster: number;
let sealer: Sealer;
let receiver: Receiver;
let now = NOW;
const open: Dispatcher[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-interrupted-'));
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
  receiver = await startReceiver();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.stop()));
  receiver.close();
  await store.pool.query(
    'truncate channel, route, notice, delivery, delivery_item, told_finding, trouble, finding, resource, change',
  );
});

async function route(more: Partial<NewRoute> = {}): Promise<void> {
  const body = {
    type: 'webhook',
    name: 'hook',
    url: receiver.url,
    signingKey: 'planted-signing-key',
  } as const;
  const made = { type: 'webhook', createdAt: NOW, createdBy: null } as const;
  const { id } = await createChannel(store, { ...sealChannel(body, sealer), ...made });
  await createRoute(store, { channelId: id, ...EVERYTHING, ...more }, NOW);
}

const EVERYTHING = {
  severity: 3,
  owners: null,
  namespaces: null,
  digestMinutes: 0,
  tellsResolved: true,
  about: 'findings' as const,
  awayMinutes: 5,
  toContact: false,
};

function start(graceMs: number): Dispatcher {
  const dispatcher = new Dispatcher({
    store,
    sealer,
    controls: new Map(),
    origin: () => 'https://bulwark.example.com',
    now: () => now,
    random: () => 0,
    say: (text) => {
      throw new Error(text);
    },
    settleMs: 0,
    everyMs: 20,
    graceMs,
  });
  open.push(dispatcher);
  return dispatcher;
}

async function eventually(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let count = 0; count < 1200; count++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`it never came to be that ${what}`);
}

const deliveries = () => listDeliveries(store, { limit: 500, below: undefined, channel: undefined });
async function isSent(): Promise<boolean> {
  const all = await deliveries();
  return all.length > 0 && all.every(({ state }) => state === 'sent');
}

function find(...findings: readonly Partial<FindingRow>[]): Promise<void> {
  const rows = findings.map((more, index) => {
    const row = {
      control: 'host-path',
      severity: 'high',
      kind: 'apps/Deployment',
      apiVersion: 'apps/v1',
      namespace: 'shop',
      name: `api-${index}`,
      container: undefined,
      path: 'spec',
      message: 'message',
      fixable: false,
      exception: undefined,
      requested: undefined,
      team: 'storefront',
      environment: undefined,
      criticality: undefined,
      ...more,
    } as const;
    const text = JSON.stringify(row);
    return { ...row, fingerprint: hash128(text), digest: hash128(`d${text}`) };
  });
  return applyBatch(store, cluster, { at: now, resources: [], removed: [], resolved: [], findings: rows });
}

describe('a message that is being sent when the hub stops', () => {
  it('to a receiver that hangs stays in the queue, and is sent again as the same when a hub starts', async () => {
    await route();
    await find({});
    receiver.answer = () => undefined;
    const first = start(0);
    await eventually('the receiver has it', () => receiver.got.length === 1);

    await first.stop();

    expect(await deliveries()).toMatchObject([
      { state: 'waiting', attempts: 1, answer: 'No answer came before the hub stopped.', due: now },
    ]);
    receiver.answer = (response) => response.end('thanks');
    start(0);
    await eventually('it is sent', isSent);
    expect(receiver.got.map(({ id }) => id)).toEqual(Array(2).fill(receiver.got[0]?.id));
    expect(await deliveries()).toMatchObject([{ state: 'sent', attempts: 2, answer: '200 thanks' }]);
  });

  it('to a receiver that answers is sent once', async () => {
    await route();
    await find({});
    let answering: ServerResponse | undefined;
    receiver.answer = (response) => {
      answering = response;
    };
    const first = start(FOREVER_MS);
    await eventually('the receiver has it', () => answering !== undefined);

    const stopped = first.stop();
    answering?.end('thanks');
    await stopped;

    expect(await deliveries()).toMatchObject([{ state: 'sent', attempts: 1, answer: '200 thanks' }]);
    expect(receiver.got.length).toBe(1);
  });

  it('is given up for that never, however often', async () => {
    await route();
    await find({});
    receiver.answer = () => undefined;
    for (let count = 1; count <= 22; count++) {
      const dispatcher = start(0);
      await eventually('the receiver has it', () => receiver.got.length === count);
      await dispatcher.stop();
    }

    expect(await deliveries()).toMatchObject([{ state: 'waiting', attempts: 22 }]);
  });
});

describe('a digest', () => {
  it('is one message, about all of its time, over restarts', async () => {
    await route({ digestMinutes: 60 });
    for (const name of ['a', 'b', 'c']) {
      await find({ name });
      const dispatcher = start(0);
      await eventually('it is gathered', async () => {
        const { rowCount } = await store.pool.query('select from notice');
        return rowCount === 0;
      });
      await dispatcher.stop();
      now = new Date(now.getTime() + 10 * MINUTE_MS);
    }
    expect(receiver.got).toEqual([]);
    now = new Date(NOW.getTime() + 61 * MINUTE_MS);
    start(0);
    await eventually('it is sent', isSent);

    expect(receiver.got.map(({ title }) => title)).toEqual(['prod: 3 findings opened']);
  });
});

describe('the link of a message about many findings', () => {
  it('finds these and no others of the same control and owner', async () => {
    await route({ namespaces: ['shop'] });
    const told = Array.from({ length: 70 }, (_each, index) => ({ name: `told-${index}` }));
    const others = Array.from({ length: 5 }, (_each, index) => ({ name: `other-${index}`, namespace: 'x' }));
    await find(...told, ...others);
    start(0);
    await eventually('it is sent', isSent);

    const query = new URL(receiver.got[0]?.link ?? '').searchParams.get('q') ?? '';
    const parsed = parseQuery(query, FINDING_FIELDS);
    if (!parsed.ok) throw new Error(parsed.error.message);
    const all = scopeOf({ clusters: 'all', namespaces: 'all' });
    const { items } = await listFindings(store, all, { query: parsed.value, limit: 500, now });
    expect(query).toBe(`notification:${receiver.got[0]?.id}`);
    expect(items.map(({ name }) => name).sort()).toEqual(told.map(({ name }) => name).sort());
  });
});

describe('a mail that a server takes for some of its readers', () => {
  it('goes to the others later, over a restart, and to nobody twice', async () => {
    const mail = await startMailServer(0, { strangers: ['grey@example.com'] });
    const body = {
      type: 'smtp',
      name: 'mail',
      host: '127.0.0.1',
      port: mail.port,
      implicitTls: false,
      from: 'bulwark@example.com',
      to: ['here@example.com', 'grey@example.com'],
      contactDomains: [],
    } as const;
    const sealed = sealChannel({ ...body, to: [...body.to], contactDomains: [] }, sealer);
    const { id } = await createChannel(store, { ...sealed, type: 'smtp', createdAt: NOW, createdBy: null });
    await createRoute(store, { channelId: id, ...EVERYTHING }, NOW);
    await find({});
    const first = start(0);
    await eventually(
      'some have it',
      async () => (await deliveries())[0]?.state === 'waiting' && mail.mails.length === 1,
    );
    await first.stop();
    now = new Date(now.getTime() + MINUTE_MS);
    start(0);
    await eventually('all have it', isSent);

    expect(mail.readers).toEqual([['here@example.com'], ['grey@example.com']]);
    mail.close();
  });
});
