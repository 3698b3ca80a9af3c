import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Control, hash128 } from '@bulwark/core';
import {
  applyBatch,
  claimDelivery,
  createChannel,
  createRoute,
  type EmbeddedServer,
  type FindingRow,
  listDeliveries,
  type NewRoute,
  openStore,
  planDeliveries,
  type ResourceRow,
  type RiskRow,
  registerCluster,
  type Store,
  startEmbedded,
} from '@bulwark/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sealChannel } from './channels.ts';
import { Dispatcher } from './dispatcher.ts';
import { type Receiver, startMailServer, startReceiver } from './receivers.testing.ts';
import { Sealer } from './sealing.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const MINUTE_MS = 60_000;
const CONTROLS = new Map(
  ['host-network', 'privileged-container', 'host-path'].map((id) => [
    id,
    { id, title: id, remediation: 'Remove it. Beware of the rest.' } as unknown as Control,
  ]),
);

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
  folder = mkdtempSync(join(tmpdir(), 'bulwark-notify-'));
  chmodSync(folder, 0o755);
  server = await startEmbedded({ folder });
  store = await openStore({ url: server.url, now: NOW });
  sealer = new Sealer(join(folder, 'channels.key'));
  const identity = {
    uid: 'u',
    caHash: 'c',
    name: 'prod',
    server: 'https://x',
    version: 'v1.34.0',
    isDemo: false,
  };
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
    'truncate workload_risk, channel, route, notice, delivery, delivery_item, told_finding, trouble, finding, resource, change',
  );
  expect(said).toEqual([]);
});

async function webhook(name = 'hook', url = receiver.url): Promise<number> {
  const sealed = sealChannel({ type: 'webhook', name, url, signingKey: 'planted-signing-key' }, sealer);
  return (await createChannel(store, { ...sealed, type: 'webhook', createdAt: NOW, createdBy: 'ann' })).id;
}

function route(channelId: number, more: Partial<NewRoute> = {}) {
  const everything = {
    severity: 3,
    owners: null,
    namespaces: null,
    digestMinutes: 0,
    tellsResolved: true,
    about: 'findings' as const,
    awayMinutes: 5,
    toContact: false,
  };
  return createRoute(store, { channelId, ...everything, ...more }, NOW);
}

function start(): Dispatcher {
  const dispatcher = new Dispatcher({
    store,
    sealer,
    controls: CONTROLS,
    origin: () => 'https://bulwark.example.com',
    now: () => now,
    random: () => 0,
    say: (text) => said.push(text),
    settleMs: 0,
    everyMs: 20,
  });
  open.push(dispatcher);
  return dispatcher;
}

async function eventually(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let count = 0; count < 400; count++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`it never came to be that ${what}`);
}

const deliveries = () => listDeliveries(store, { limit: 500, below: undefined, channel: undefined });

/** Whether nothing is on its way any more. */
async function isQuiet(): Promise<boolean> {
  const { rows } = await store.pool.query<{ left: number }>(
    `select ((select count(*) from notice) + (select count(*) from delivery where state in ('gathering', 'waiting', 'sending')))::int as left`,
  );
  return rows[0]?.left === 0;
}

function finding(id: string, more: Partial<FindingRow> = {}): FindingRow {
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

function resource(name: string): ResourceRow {
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
  };
}

function batch(
  findings: readonly FindingRow[],
  more: {
    resources?: readonly ResourceRow[];
    risks?: readonly RiskRow[];
    resolved?: readonly string[];
    isFirst?: boolean;
  } = {},
): Promise<void> {
  return applyBatch(store, cluster, { at: now, resources: [], removed: [], resolved: [], ...more, findings });
}

const titles = () => receiver.got.map(({ title, owners }) => `${title} | ${owners.join()}`).sort();

describe('what is told', () => {
  it('is one message for each change and owner, without a change for each control and owner', async () => {
    await route(await webhook());
    const b = { name: 'b', control: 'host-network' } as const;
    await batch(
      [
        finding('1'),
        finding('2', { control: 'host-path' }),
        finding('3', b),
        finding('4', { ...b, team: 'payments', environment: 'production' }),
        finding('5', { ...b, team: undefined }),
      ],
      { resources: [resource('api')] },
    );
    start();
    await eventually('all is sent', isQuiet);

    expect(titles()).toEqual([
      'Deployment shop/api was created: 2 findings opened | storefront',
      'host-network: 1 finding opened | ',
      'host-network: 1 finding opened | payments',
      'host-network: 1 finding opened | storefront',
    ]);
    expect(receiver.got.find(({ owners }) => owners[0] === 'payments')?.items).toEqual([
      {
        severity: 'high',
        control: 'host-network',
        object: 'Deployment shop/b',
        action: 'Remove it.',
        environment: 'production',
        text: 'Deployment shop/b: message 4',
        state: 'opened',
        link: `https://bulwark.example.com/findings?cluster=${cluster}&open=${cluster}.${hash128('4')}`,
      },
    ]);
  });

  it('says who changed what and when, why it matters and what to do, and links to these findings and the change', async () => {
    await route(await webhook());
    const reason = { factor: 'node', points: 20, text: 'can take its node', objects: [] } as const;
    const risk = { kind: 'apps/Deployment', namespace: 'shop', name: 'api', digest: hash128('r') };
    const found = finding('2', { control: 'host-path', severity: 'critical', environment: 'production' });
    await batch([finding('1'), found], {
      resources: [resource('api')],
      risks: [{ ...risk, points: 20, reach: 'internet', reasons: [reason] }],
    });
    start();
    await eventually('all is sent', isQuiet);

    const [message] = receiver.got;
    const [at] = (await store.pool.query<{ id: number }>('select id from change')).rows;
    expect(message).toMatchObject({
      title: 'Deployment shop/api was created: 2 findings opened',
      environments: ['production', null],
      action: 'Remove it.',
      change: {
        object: 'Deployment shop/api',
        verb: 'created',
        by: 'ann',
        at: NOW.toISOString(),
        link: `https://bulwark.example.com/changes?cluster=${cluster}&open=${cluster}%2F${at?.id}`,
      },
      rank: {
        control: 'host-path',
        points: 85,
        why: 'Deployment shop/api can take its node.',
        lines: expect.arrayContaining([
          { label: 'critical control', points: 60 },
          { label: 'Deployment shop/api: can take its node', points: 20 },
        ]),
      },
      items: [{ control: 'host-path', severity: 'critical' }, { control: 'privileged-container' }],
    });
    const query = new URL(message?.link ?? '').searchParams.get('q');
    const prefixes = [hash128('2'), hash128('1')].map((each) => `${each.slice(0, 16)}*`);
    expect(query).toBe(`fingerprint:${prefixes.join(',')}`);
  });

  it.each([
    { what: 'severity', more: { severity: 4 }, told: ['critical'] },
    { what: 'owner', more: { owners: ['store*'] }, told: ['critical', 'high'] },
    { what: 'the lack of one', more: { owners: [''] }, told: ['unowned'] },
    { what: 'namespace', more: { namespaces: ['pay_%', 'pay*s'] }, told: ['payments'] },
    { what: 'namespace, the object itself too', more: { namespaces: ['search'] }, told: ['namespace'] },
  ])('is chosen by $what', async ({ more, told }) => {
    await route(await webhook(), more);
    await batch([
      finding('critical', { severity: 'critical' }),
      finding('high'),
      finding('medium', { severity: 'medium' }),
      finding('unowned', { team: undefined }),
      finding('payments', { namespace: 'payments', team: 'payments' }),
      finding('namespace', { kind: 'Namespace', namespace: '', name: 'search', team: 'search' }),
    ]);
    start();
    await eventually('all is sent', isQuiet);

    const texts = receiver.got.flatMap(({ items }) =>
      items.map(({ text }) => text.replace(/^.*message /, '')),
    );
    expect(texts.sort()).toEqual(told);
  });

  it('is what is resolved, what an exception no longer covers, and what got worse, but no acceptance', async () => {
    const channel = await webhook();
    await batch([finding('1'), finding('2', { severity: 'medium' }), finding('3')]);
    await route(channel, { digestMinutes: 1 });
    const exception = { id: 1, reason: 'r', owner: null, until: null, origin: 'hub' };
    await batch([finding('3', { exception })]);
    await batch([finding('2', { severity: 'critical' }), finding('3')], { resolved: [hash128('1')] });
    now = new Date(now.getTime() + 2 * MINUTE_MS);
    const dispatcher = start();
    await eventually('it is gathered', async () => (await deliveries()).length === 1);
    expect(receiver.got).toEqual([]);
    now = new Date(now.getTime() + 2 * MINUTE_MS);
    dispatcher.wake();
    await eventually('all is sent', isQuiet);

    expect(titles()).toEqual(['prod: 2 findings opened, 1 resolved | storefront']);
    expect(receiver.got[0]?.items.map(({ state, text }) => `${state} ${text}`)).toEqual([
      'opened Deployment shop/api: message 2',
      'opened Deployment shop/api: message 3',
      'resolved Deployment shop/api: message 1',
    ]);
  });

  it('is nothing where it was undone before anybody was told', async () => {
    await route(await webhook());
    await batch([finding('1')]);
    await batch([], { resolved: [hash128('1')] });
    start();
    await eventually('nothing is left', isQuiet);

    expect(receiver.got).toEqual([]);
    expect(await deliveries()).toEqual([]);
  });

  it.each([
    { what: 'a cluster that is new', isFirst: true, title: 'prod is watched now: 6000 findings opened' },
    { what: 'more than a person can read', isFirst: false, title: 'prod: 6000 findings opened' },
  ])('is one message for $what', async ({ isFirst, title }) => {
    await route(await webhook());
    await batch(
      Array.from({ length: 6000 }, (_each, index) =>
        finding(`n${index}`, { control: `control-${index % 100}` }),
      ),
      { isFirst },
    );
    start();
    await eventually('all is sent', async () => receiver.got.length > 0 && (await isQuiet()));

    expect(receiver.got.map((message) => [message.title, message.items.length, message.omitted])).toEqual([
      [title, 20, 5980],
    ]);
  });

  it('is not even kept where nobody asks', async () => {
    await batch([finding('1')]);
    await route(await webhook(), { severity: 4 });
    await batch([finding('2')]);

    expect((await store.pool.query('select from notice')).rowCount).toBe(0);
  });
});

describe('a message', () => {
  it('comes to a receiver that fails, hangs up and comes back, over restarts, as the same one', async () => {
    await route(await webhook());
    await batch([finding('1')]);
    const answers = [
      () => receiver.got.length,
      (response: { destroy(): void }) => response.destroy(),
      (response: { writeHead(status: number): { end(): void } }) => response.writeHead(503).end(),
    ];
    for (const [index, answer] of answers.slice(1).entries()) {
      receiver.answer = answer as never;
      const dispatcher = start();
      await eventually(`attempt ${index + 1} is written`, async () => {
        const [delivery] = await deliveries();
        return delivery?.attempts === index + 1 && delivery.state === 'waiting';
      });
      await dispatcher.stop();
      now = new Date(now.getTime() + MINUTE_MS);
    }
    receiver.answer = (response) => response.end('thanks');
    start();
    await eventually('it is sent', isQuiet);

    expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(1);
    expect(receiver.got.length).toBe(3);
    expect(await deliveries()).toMatchObject([
      { state: 'sent', attempts: 3, answer: '200 thanks', gathered: 0 },
    ]);
  });

  it('waits for its receiver alone: one that hangs holds up no other', async () => {
    const hanging = await startReceiver();
    hanging.answer = () => undefined;
    await route(await webhook('hangs', hanging.url));
    await route(await webhook('works'));
    await batch([finding('1'), finding('2', { control: 'other' })]);
    start();
    await eventually('the other has both', () => receiver.got.length === 2);

    expect(hanging.got.length).toBe(1);
    hanging.close();
  });

  it('is given up where trying again cannot help, and after two days', async () => {
    await route(await webhook());
    receiver.answer = (response) => response.writeHead(410).end('gone');
    await batch([finding('1')]);
    start();
    await eventually('the first is given up', isQuiet);
    receiver.answer = (response) => response.writeHead(500).end('broken');
    await batch([finding('2')]);
    await eventually('the second is given up', async () => {
      now = new Date(now.getTime() + 60 * MINUTE_MS);
      return isQuiet();
    });

    expect((await deliveries()).map(({ state, attempts, answer }) => [state, attempts, answer])).toEqual([
      ['failed', 20, '500 broken'],
      ['failed', 1, '410 gone'],
    ]);
  });

  it('whose attempt was never answered is due again at the end of the lease, as the same one', async () => {
    await route(await webhook());
    await batch([finding('1')]);
    await planDeliveries(store, now, now);
    const leaseEnds = new Date(now.getTime() + MINUTE_MS);
    const lost = await claimDelivery(store, { now, leaseEnds }, [], ({ messageId }) => ({
      id: messageId,
      title: 'kept',
      owners: [],
      items: [],
      at: now.toISOString(),
    }));
    const dispatcher = start();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(receiver.got).toEqual([]);
    now = new Date(leaseEnds.getTime() + 1);
    dispatcher.wake();
    await eventually('it is sent', isQuiet);

    expect(receiver.got.map(({ id, title }) => ({ id, title }))).toEqual([
      { id: lost?.message['id'], title: 'kept' },
    ]);
    expect(await deliveries()).toMatchObject([{ state: 'sent', attempts: 2 }]);
  });

  it('is sent once where the database only reads for a while when it is answered', async () => {
    await route(await webhook());
    const admin = await openStore({ url: server.url, now: NOW, connections: 1 });
    const readOnly = async (value: 'on' | 'off'): Promise<void> => {
      await admin.pool.query(`alter database postgres set default_transaction_read_only to ${value}`);
      await admin.pool.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
    };
    const answering = new Promise<void>((resolve) => {
      receiver.answer = (response) =>
        void readOnly('on').then(() => {
          response.end('ok');
          resolve();
        });
    });
    await batch([finding('1')]);
    const dispatcher = start();
    await answering;
    await new Promise((resolve) => setTimeout(resolve, 300));
    receiver.answer = (response) => response.end('ok');
    await readOnly('off');
    await admin.close();
    now = new Date(now.getTime() + 4 * MINUTE_MS);
    dispatcher.wake();
    await eventually('it is sent', isQuiet);

    expect(receiver.got).toHaveLength(1);
    expect(await deliveries()).toMatchObject([{ state: 'sent', attempts: 1 }]);
  });

  it('is sent once where several hubs work at it and are restarted all the time', async () => {
    const channels = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => webhook(name)));
    for (const channel of channels) await route(channel);
    let isDone = false;
    const restarting = [1, 2, 3].map(async () => {
      while (!isDone) {
        const dispatcher = start();
        await new Promise((resolve) => setTimeout(resolve, 60));
        await dispatcher.stop();
      }
    });
    for (let index = 0; index < 12; index++) await batch([finding(`s${index}`, { control: `c${index}` })]);
    await eventually('all is sent', isQuiet);
    isDone = true;
    await Promise.all(restarting);

    expect(receiver.got.length).toBe(5 * 12);
    expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(5 * 12);
  });

  it('goes by mail, after a refusal for now', async () => {
    const mail = await startMailServer(1);
    const sealed = sealChannel(
      {
        type: 'smtp',
        name: 'mail',
        host: '127.0.0.1',
        port: mail.port,
        implicitTls: false,
        from: 'bulwark@example.com',
        to: ['team@example.com'],
        contactDomains: ['example.com'],
      },
      sealer,
    );
    await route(
      (await createChannel(store, { ...sealed, type: 'smtp', createdAt: NOW, createdBy: 'ann' })).id,
    );
    await batch([finding('1')]);
    start();
    await eventually('it was refused', async () => (await deliveries())[0]?.answer === '451 try later');
    now = new Date(now.getTime() + MINUTE_MS);
    await eventually('it is sent', isQuiet);

    expect(mail.mails.length).toBe(1);
    expect(mail.mails[0]).toContain('Subject: privileged-container: 1 finding opened');
    mail.close();
  });
});
