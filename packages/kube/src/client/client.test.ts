import { err, ok, Secret } from '@bulwark/core';
import { type FakeApiServer, type FakeApiServerOptions, type Fault, fakeApiServer } from '@bulwark/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { accessTo, FastClock } from '../fake.testing.ts';
import { KubeClient, type KubeClientOptions } from './client.ts';
import { failure } from './failure.ts';
import type { Page } from './list.ts';

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

async function start(
  options: FakeApiServerOptions = {},
  own: Partial<KubeClientOptions> & { readonly token?: string } = {},
): Promise<{ server: FakeApiServer; client: KubeClient; clock: FastClock }> {
  const server = await fakeApiServer(options);
  const clock = new FastClock();
  const access = accessTo(server, own);
  const client = new KubeClient({ access, clock, random: () => 0, ...own });
  ended.push(
    () => client.close(),
    () => server.stop(),
  );
  return { server, client, clock };
}

const pod = (index: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `pod-${String(index).padStart(5, '0')}`, namespace: 'shop' },
  spec: { nodeName: 'x'.repeat(200) },
});
const PODS = Array.from({ length: 1234 }, (_, index) => pod(index));

async function listAll(client: KubeClient, options = {}) {
  const pages: Page[] = [];
  const result = await client.list('/api/v1/pods', options, async (page) => {
    if (page.isFirst) pages.length = 0;
    pages.push(page);
  });
  return { result, pages, items: pages.flatMap(({ items }) => items) };
}

describe('getting a document', () => {
  it('says who asks, takes packed answers, and reads them', async () => {
    const { server, client } = await start({ objects: PODS, tokens: ['t0ken'] }, { token: 't0ken' });

    const got = await client.get('/api/v1/pods');

    expect(got.ok && got.value.value['kind']).toBe('PodList');
    expect(server.requests.at(-1)?.headers).toMatchObject({
      'user-agent': 'bulwark',
      'accept-encoding': 'gzip',
    });
  });

  it('keeps the path of a server that lies below one', async () => {
    const server = await fakeApiServer();
    const client = new KubeClient({ access: accessTo(server, { path: '/k8s/clusters/c-1/' }), attempts: 1 });
    ended.push(
      () => client.close(),
      () => server.stop(),
    );

    await client.get('/version');

    expect(server.requests.at(-1)?.path).toBe('/k8s/clusters/c-1/version');
  });

  const passing: readonly (readonly [string, Fault])[] = [
    ['a server error', { status: 500 }],
    ['too many requests', { status: 429, retryAfter: 3 }],
    ['a cut connection', { cut: true }],
    ['a cut answer', { cutAfterBytes: 10 }],
    ['an answer that is no JSON', { garbage: '<html>' }],
  ];
  it.each(passing)('is tried again after %s', async (_name, fault) => {
    const { server, client, clock } = await start();
    server.faults.add({ resource: 'namespaces', times: 2, fault });

    const got = await client.get('/api/v1/namespaces');

    expect(got.ok).toBe(true);
    expect(clock.waits).toEqual('retryAfter' in fault ? [3000, 3000] : [125, 250]);
  });

  it('fails in the end with what was wrong last', async () => {
    const { server, client, clock } = await start();
    server.faults.add({ fault: { status: 503, message: 'etcd is away' } });

    const got = await client.get('/version');

    expect(got).toEqual(err({ kind: 'server-error', status: 503, message: 'etcd is away' }));
    expect(clock.waits).toHaveLength(3);
  });

  it.each([
    [403, 'forbidden'],
    [404, 'not-found'],
    [301, 'refused'],
  ])('is not tried again after a status %i', async (status, kind) => {
    const { server, client } = await start();
    server.faults.add({ fault: { status } });

    const got = await client.get('/version');

    expect(!got.ok && got.error.kind).toBe(kind);
    expect(server.requests).toHaveLength(1);
  });

  it('gives up on a server that does not answer', async () => {
    const { server, client } = await start({}, { timeoutMs: 50, attempts: 1 });
    server.faults.add({ fault: { hang: true } });

    const got = await client.get('/version');

    expect(got).toEqual(err({ kind: 'timed-out', message: 'The server does not answer in time.' }));
  });

  it('ends when the caller gives up', async () => {
    const { server, client } = await start();
    server.faults.add({ fault: { hang: true } });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);

    const got = await client.get('/version', { signal: controller.signal });

    expect(!got.ok && got.error.kind).toBe('aborted');
    expect(server.requests).toHaveLength(1);
  });

  it('ends when the caller gives up while credentials are looked up', async () => {
    let give: () => void = () => undefined;
    const given = new Promise<void>((resolve) => {
      give = resolve;
    });
    const credentials = { current: () => given.then(() => ok({})), refused: () => undefined };
    const server = await fakeApiServer();
    const client = new KubeClient({ access: accessTo(server, { credentials }), attempts: 1 });
    ended.push(
      async () => give(),
      () => client.close(),
      () => server.stop(),
    );
    const controller = new AbortController();

    const asked = client.get('/version', { signal: controller.signal });
    controller.abort();

    expect(await asked).toEqual(err({ kind: 'aborted', message: 'The request was given up.' }));
    expect(server.requests).toHaveLength(0);
  });

  it('says that nothing listens there', async () => {
    const { server, client } = await start({}, { attempts: 1 });
    await server.stop();

    const got = await client.get('/version');

    expect(!got.ok && got.error.kind).toBe('unreachable');
    expect(!got.ok && got.error.message).toContain('ECONNREFUSED');
  });

  it('measures how far the clocks are apart', async () => {
    const { client } = await start(
      { clockSkewMs: 600_000 },
      { clock: { now: Date.now, wait: async () => undefined } },
    );

    await client.get('/version');

    expect(Math.abs((client.clockSkewMs ?? 0) - 600_000)).toBeLessThan(2000);
  });
});

describe('credentials that the server refuses', () => {
  const rotating = (tokens: string[]) => ({
    current: async () => ok({ authorization: new Secret(`Bearer ${tokens[0]}`) }),
    refused: () => {
      tokens.shift();
    },
  });

  it('are looked up once more', async () => {
    const server = await fakeApiServer({ tokens: ['new'] });
    const client = new KubeClient({
      access: accessTo(server, { credentials: rotating(['old', 'new', 'newer']) }),
    });
    ended.push(
      () => client.close(),
      () => server.stop(),
    );

    const got = await client.get('/version');

    expect(got.ok).toBe(true);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
  });

  it('fail the request when the new ones are refused as well, without a word of them', async () => {
    const server = await fakeApiServer({ tokens: ['other'] });
    const client = new KubeClient({
      access: accessTo(server, { credentials: rotating(['s3cret-1', 's3cret-2', 's3cret-3']) }),
    });
    ended.push(
      () => client.close(),
      () => server.stop(),
    );

    const got = await client.get('/version');

    expect(!got.ok && got.error.kind).toBe('unauthorized');
    expect(JSON.stringify(got)).not.toContain('s3cret');
    expect(server.requests).toHaveLength(2);
  });

  it('are not sent where there are none to be had', async () => {
    const server = await fakeApiServer();
    const why = failure('credentials', 'The plugin fails.');
    const credentials = { current: async () => err(why), refused: () => undefined };
    const client = new KubeClient({ access: accessTo(server, { credentials }) });
    ended.push(
      () => client.close(),
      () => server.stop(),
    );

    expect(await client.get('/version')).toEqual(err(why));
    expect(server.requests).toHaveLength(0);
  });
});

describe('listing', () => {
  it('goes page by page over one state of the cluster', async () => {
    const { server, client } = await start({ objects: PODS });
    let isChanged = false;

    const result: string[] = [];
    const listed = await client.list('/api/v1/pods', {}, async ({ items }) => {
      if (!isChanged) server.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'pod-01000' });
      isChanged = true;
      result.push(...items.map((item) => JSON.stringify([item['apiVersion'], item['kind']])));
    });

    expect(result).toHaveLength(1234);
    expect(new Set(result)).toEqual(new Set(['["v1","Pod"]']));
    expect(listed).toEqual(ok({ resourceVersion: String(server.store.version - 1) }));
    expect(server.requests.map(({ query }) => query.get('limit'))).toEqual(['500', '500', '500']);
  });

  it('begins again when the server forgets where it was', async () => {
    const { server, client } = await start({ objects: PODS });
    let pages = 0;
    const seen = new Set<unknown>();

    const listed = await client.list('/api/v1/pods', {}, async ({ items, isFirst }) => {
      pages++;
      if (isFirst) seen.clear();
      for (const { metadata } of items) seen.add(JSON.stringify(metadata));
      if (pages === 2) server.expire();
    });

    expect(listed.ok).toBe(true);
    expect(seen.size).toBe(1234);
    expect(pages).toBe(5);
  });

  it('asks for everything at once when it never gets to the end', async () => {
    const { server, client } = await start({ objects: PODS });
    const items: unknown[] = [];
    const result = await client.list('/api/v1/pods', {}, async (page) => {
      if (page.isFirst) items.length = 0;
      items.push(...page.items);
      server.expire();
    });

    expect(result.ok).toBe(true);
    expect(items).toHaveLength(1234);
    expect(server.requests.at(-1)?.query.get('limit')).toBeNull();
  });

  it('asks for fewer at a time where objects are large', async () => {
    const big = Array.from({ length: 60 }, (_, index) => ({
      ...pod(index),
      spec: { nodeName: 'y'.repeat(1024 * 1024) },
    }));
    const { server, client } = await start({ objects: big });

    const { items } = await listAll(client, { pageSize: 20 });

    expect(items).toHaveLength(60);
    expect(server.requests.map(({ query }) => query.get('limit'))).toEqual(['20', '10', '10', '10', '10']);
  });

  it.each([
    ['a list of something else', '{"kind":"Status","metadata":{"resourceVersion":"1"},"items":[]}'],
    [
      'an object without a name',
      '{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":[{"metadata":{}}]}',
    ],
    ['what is no object', '{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":[7]}'],
    ['no version', '{"kind":"PodList","metadata":{},"items":[]}'],
  ])('refuses %s', async (_name, garbage) => {
    const { server, client } = await start();
    server.faults.add({ fault: { garbage } });

    const { result } = await listAll(client);

    expect(result).toEqual(err(failure('garbled', 'The answer is not a list of objects.')));
  });

  it('takes a list without any object', async () => {
    const { server, client } = await start();
    server.faults.add({
      fault: { garbage: '{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":null}' },
    });

    expect((await listAll(client)).result).toEqual(ok({ resourceVersion: '1' }));
  });
});
