import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { channel, delivery, type NewChannel, route } from '@bulwark/api';
import { type EmbeddedServer, openStore, type Store, startEmbedded } from '@bulwark/store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Receiver, startReceiver } from '../notifications/receivers.testing.ts';
import { Sealer } from '../notifications/sealing.ts';
import { asking } from './callers.testing.ts';
import { notificationHandlers } from './notifications.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const CONTEXT = asking(NOW);
const NOTHING = { params: undefined, query: undefined, body: undefined };

let folder: string;
let server: EmbeddedServer;
let store: Store;
let receiver: Receiver;
let hub: ReturnType<typeof notificationHandlers>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-channels-'));
  chmodSync(folder, 0o755);
  server = await startEmbedded({ folder });
  store = await openStore({ url: server.url, now: NOW });
  receiver = await startReceiver();
  hub = handlersWith('channels.key');
}, 60_000);

afterAll(async () => {
  receiver?.close();
  await store?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(async () => {
  await store.pool.query(
    'truncate channel, route, notice, delivery, delivery_item, told_finding, held_finding, trouble',
  );
});

function handlersWith(keyFile: string, more: { stopping?: AbortSignal; longestMs?: number } = {}) {
  const sealer = new Sealer(join(folder, keyFile));
  const stopping = new AbortController().signal;
  return notificationHandlers({
    store,
    sealer,
    origin: () => 'https://bulwark.example.com',
    stopping,
    ...more,
  });
}

const create = (body: NewChannel) => hub.createChannel({ ...NOTHING, body }, CONTEXT);
const list = (from = hub) => from.listChannels(NOTHING, CONTEXT);
const test = (id: number, from = hub) => from.testChannel({ ...NOTHING, params: { id } }, CONTEXT);
const deliveries = () => hub.listDeliveries({ ...NOTHING, query: { limit: 1 } }, CONTEXT);

const MAIL: Extract<NewChannel, { type: 'smtp' }> = {
  type: 'smtp',
  name: 'mail',
  host: 'mail.example.com',
  port: 465,
  implicitTls: true,
  from: 'bulwark@example.com',
  to: ['team@example.com'],
  contactDomains: ['example.com'],
  user: 'bulwark',
  password: 'planted-password',
};

const HOOK = { type: 'webhook', name: 'hook', signingKey: 'planted-signing-key' } as const;

function hook(more: Partial<Extract<NewChannel, { type: 'webhook' }>> = {}): NewChannel {
  return { ...HOOK, url: receiver.url, ...more };
}

describe('a channel', () => {
  it('never gives its secrets away: neither in answers nor in the database', async () => {
    const made = [
      await create(hook()),
      await create({ type: 'slack', name: 'chat', url: 'https://hooks.example.com/T0/planted-chat' }),
      await create(MAIL),
    ];
    receiver.answer = (response, path) => response.writeHead(404).end(`Cannot POST ${path}`);
    const outcome = await test(made[0]?.id ?? 0);
    const { rows } = await store.pool.query(
      `select (select jsonb_agg(c)::text from channel c) || (select jsonb_agg(d)::text from delivery d) as dump,
        (select string_agg(encode(secrets, 'escape'), ' ') from channel) as secrets`,
    );
    const said = JSON.stringify([made, await list(), outcome, await deliveries(), rows]);

    expect(said).not.toContain('planted');
    expect(outcome).toEqual({ status: 'failed', answer: '404 Cannot POST [secret]', caution: null });
    for (const item of (await list()).items) expect(channel.parse(item)).toEqual(item);
    expect((await list()).items).toMatchObject([
      { name: 'chat', host: 'hooks.example.com', url: 'set' },
      { name: 'hook', host: new URL(receiver.url).host, url: 'set', signingKey: 'set' },
      { name: 'mail', host: 'mail.example.com', user: 'bulwark', password: 'set' },
    ]);
    expect(statSync(join(folder, 'channels.key')).mode & 0o777).toBe(0o600);
    expect(Buffer.from(readFileSync(join(folder, 'channels.key'), 'utf8'), 'base64').length).toBe(32);
  });

  it('is known with who made it, and by a token of whom', async () => {
    const token = asking(NOW, { user: 'token deploy', person: 'ben', via: 'token' });
    await create(MAIL);
    await hub.createChannel({ ...NOTHING, body: hook() }, token);

    expect((await list()).items).toMatchObject([
      { name: 'hook', createdBy: 'token deploy of ben' },
      { name: 'mail', createdBy: 'ann' },
    ]);
  });

  it.each<[string, NewChannel]>([
    ['url', { ...HOOK, url: 'http://169.254.169.254/latest/meta-data/' }],
    ['url', { type: 'slack', name: 'chat', url: 'http://[::ffff:a9fe:a9fe]/' }],
    ['host', { ...MAIL, host: 'fe80::1' }],
  ])('to what only this machine may ask is not made, nor changed into: %s', async (path, body) => {
    const refusal = { code: 'bad-request', details: { errors: [{ path }] } };

    await expect(create(body)).rejects.toMatchObject(refusal);

    const known = body.type === 'smtp' ? MAIL : { ...body, url: 'https://hooks.example.com/T0' };
    const { id } = await create(known);
    const change = hub.updateChannel({ ...NOTHING, params: { id }, body }, CONTEXT);
    await expect(change).rejects.toMatchObject(refusal);
  });

  it('is tested with a message, once, and the answer is kept', async () => {
    const { id } = await create(hook());
    receiver.got.length = 0;
    receiver.answer = (response) => response.end('thanks');

    expect(await test(id)).toEqual({ status: 'sent', answer: '200 thanks', caution: null });
    receiver.answer = (response) => response.writeHead(503).end('later');
    expect(await test(id)).toMatchObject({ status: 'failed', answer: '503 later' });

    expect(receiver.got.map(({ title }) => title)).toEqual(Array(2).fill('A test message of Bulwark'));
    const page = await deliveries();
    expect(page).toMatchObject({
      items: [{ state: 'failed', answer: '503 later', isTest: true, attempts: 1 }],
    });
    const second = await hub.listDeliveries(
      { ...NOTHING, query: { limit: 1, cursor: page.next ?? '' } },
      CONTEXT,
    );
    expect(second).toMatchObject({ items: [{ state: 'sent', answer: '200 thanks' }], next: null });
    for (const item of [...page.items, ...second.items]) expect(delivery.parse(item)).toEqual(item);
  });

  it('is tested no longer than somebody waits for, and says meanwhile that there is no answer yet', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const { id } = await create({ ...MAIL, host: '127.0.0.1', port, implicitTls: false });

    const asked = test(id, handlersWith('channels.key', { longestMs: 500 }));
    await once(silent, 'connection');
    const meanwhile = await deliveries();
    const answer = 'no answer within 0.5 s';

    expect(await asked).toMatchObject({ status: 'failed', answer });
    expect(meanwhile).toMatchObject({ items: [{ answer: expect.stringContaining('No answer came yet') }] });
    expect(await deliveries()).toMatchObject({ items: [{ state: 'failed', answer }] });
    silent.close();
  });

  it('is changed without saying its secrets again', async () => {
    const { id } = await create(hook());
    receiver.answer = (response) => response.end('ok');

    await hub.updateChannel({ ...NOTHING, params: { id }, body: { type: 'webhook', name: 'new' } }, CONTEXT);

    expect((await list()).items).toMatchObject([{ id, name: 'new', isUsable: true }]);
    expect(await test(id)).toMatchObject({ status: 'sent' });
  });

  it.each([
    { what: 'another kind', change: { type: 'slack', name: 'mail' } as const },
    { what: 'a password for another server', change: { ...MAIL, host: 'evil.example', password: undefined } },
    {
      what: 'a password for a connection without TLS',
      change: { ...MAIL, implicitTls: false, password: undefined },
    },
  ])('is not changed to $what', async ({ change }) => {
    const { id } = await create(MAIL);

    await expect(
      hub.updateChannel({ ...NOTHING, params: { id }, body: change as never }, CONTEXT),
    ).rejects.toMatchObject({ code: 'conflict' });
    const { password: _password, ...same } = MAIL;
    const kept = { ...same, to: ['other@example.com'] };
    expect(await hub.updateChannel({ ...NOTHING, params: { id }, body: kept }, CONTEXT)).toMatchObject({
      password: 'set',
      to: ['other@example.com'],
    });
  });

  it('has a name of its own', async () => {
    await create(hook());
    const { id } = await create(MAIL);

    await expect(create(hook())).rejects.toMatchObject({ code: 'conflict' });
    await expect(
      hub.updateChannel({ ...NOTHING, params: { id }, body: { ...MAIL, name: 'hook' } }, CONTEXT),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  it('whose key is lost says so, and takes its secrets anew', async () => {
    const { id } = await create(hook());
    const other = handlersWith('other.key');
    const change = { type: 'webhook', name: 'hook', url: receiver.url } as const;

    expect(await list(other)).toMatchObject({ items: [{ isUsable: false }] });
    expect(await test(id, other)).toMatchObject({
      status: 'failed',
      answer: expect.stringContaining('cannot be read'),
    });
    await expect(
      other.updateChannel({ ...NOTHING, params: { id }, body: change }, CONTEXT),
    ).rejects.toMatchObject({ code: 'conflict' });
    const body = { ...change, signingKey: 'planted-signing-key' };
    expect(await other.updateChannel({ ...NOTHING, params: { id }, body }, CONTEXT)).toMatchObject({
      isUsable: true,
    });
  });
});

describe('the webhook of a Slack app', () => {
  it('is said, when it is tested, not to reach the channels of owners that a route asks for', async () => {
    const { id } = await create({
      type: 'slack',
      name: 'chat',
      url: 'https://hooks.slack.com/services/T0/B0/x',
    });
    // Nothing leaves the test.
    const stopped = handlersWith('channels.key', { stopping: AbortSignal.abort() });
    const tested = () => stopped.testChannel({ ...NOTHING, params: { id } }, CONTEXT);
    const before = await tested();
    const body = { severity: 'high', owners: 'all', namespaces: 'all', digestMinutes: 0 } as const;
    const more = { tellsResolved: true, about: 'findings', awayMinutes: 5, toContact: true } as const;
    await hub.createRoute({ ...NOTHING, body: { ...body, ...more, channel: id } }, CONTEXT);

    expect((await list()).items).toMatchObject([{ id, mayKeepToChannel: true }]);
    expect(before).toMatchObject({ status: 'failed', caution: null });
    expect(await tested()).toMatchObject({
      status: 'failed',
      caution: expect.stringContaining('puts everything into the channel that it was made for'),
    });
  });
});

describe('a route', () => {
  const BODY = {
    severity: 'high',
    owners: ['storefront', null],
    namespaces: 'all',
    digestMinutes: 60,
    tellsResolved: false,
    about: 'findings',
    awayMinutes: 5,
    toContact: true,
  } as const;

  it('is kept as it was said, changed, and gone with its channel', async () => {
    const { id } = await create(hook());
    const body = { ...BODY, owners: [...BODY.owners], channel: id };
    const made = await hub.createRoute({ ...NOTHING, body }, CONTEXT);
    const changed = await hub.updateRoute(
      { ...NOTHING, params: { id: made.id }, body: { ...body, severity: 'low', namespaces: ['pay*'] } },
      CONTEXT,
    );

    expect(route.parse(made)).toEqual(made);
    expect(made).toMatchObject({ ...BODY, channel: { id, name: 'hook' } });
    expect(changed).toMatchObject({ id: made.id, severity: 'low', namespaces: ['pay*'] });
    expect((await hub.listRoutes(NOTHING, CONTEXT)).items).toEqual([changed]);
    await hub.deleteChannel({ ...NOTHING, params: { id } }, CONTEXT);
    expect((await hub.listRoutes(NOTHING, CONTEXT)).items).toEqual([]);
    await expect(hub.createRoute({ ...NOTHING, body }, CONTEXT)).rejects.toMatchObject({ code: 'not-found' });
    await expect(hub.deleteRoute({ ...NOTHING, params: { id: made.id } }, CONTEXT)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
