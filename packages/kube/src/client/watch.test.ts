import { stringAt } from '@bulwark/core';
import { type FakeApiServer, type FakeApiServerOptions, fakeApiServer } from '@bulwark/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { accessTo, until } from '../fake.testing.ts';
import { KubeClient } from './client.ts';
import type { WatchEnd, WatchOptions } from './watch.ts';

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

async function start(
  options: FakeApiServerOptions = {},
): Promise<{ server: FakeApiServer; client: KubeClient }> {
  const server = await fakeApiServer(options);
  const client = new KubeClient({ access: accessTo(server), attempts: 1, timeoutMs: 1000 });
  ended.push(
    () => client.close(),
    () => server.stop(),
  );
  return { server, client };
}

const pod = (name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop' },
  ...more,
});

/** A watch that writes down what it is told. */
function watch(server: FakeApiServer, client: KubeClient, options: Partial<WatchOptions> = {}) {
  const told: string[] = [];
  const end: Promise<WatchEnd> = client.watch('/api/v1/pods', {
    resourceVersion: String(server.store.version),
    timeoutSeconds: 30,
    silenceMs: 30_000,
    onEvents: async (events) => {
      for (const { type, object } of events) told.push(`${type} ${stringAt(object, 'metadata', 'name')}`);
    },
    ...options,
  });
  return { told, end };
}

describe('watching', () => {
  it('tells of changes in their order, from a version on', async () => {
    const { server, client } = await start();
    server.upsert(pod('before'));
    const from = String(server.store.version);
    server.upsert(pod('a'));
    const { told, end } = watch(server, client, { resourceVersion: from });
    await until('one is told', () => told.length === 1);

    server.upsert(pod('b'));
    server.upsert(pod('a', { spec: {} }));
    server.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'b' });
    await until('all are told', () => told.length === 4);
    server.cutWatches();

    expect(told).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b']);
    expect(await end).toMatchObject({
      resourceVersion: String(server.store.version),
      failure: { kind: 'unreachable' },
    });
  });

  it('puts an event together that comes in many pieces', async () => {
    const { server, client } = await start();
    const { told } = watch(server, client);
    await until('it watches', () => server.watches === 1);

    server.upsert(pod('big', { spec: { text: 'ü'.repeat(500_000) } }));
    await until('it is told', () => told.length === 1);

    expect(told).toEqual(['ADDED big']);
  });

  it('ends without a fault when the server ends it, and knows how far it saw by bookmarks', async () => {
    const { server, client } = await start({ bookmarkMs: 20 });
    const { told, end } = watch(server, client, { timeoutSeconds: 1 });
    server.upsert({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node' } });

    expect(await end).toEqual({ resourceVersion: String(server.store.version), failure: undefined });
    expect(told).toEqual([]);
  });

  it('ends without a fault after a silence', async () => {
    const { server, client } = await start();
    const { end } = watch(server, client, { silenceMs: 100 });

    expect((await end).failure).toBeUndefined();
  });

  it('says when the version is too old', async () => {
    const { server, client } = await start();
    const from = String(server.store.version);
    server.upsert(pod('a'));
    server.expire();

    const { end } = watch(server, client, { resourceVersion: from });

    expect(await end).toMatchObject({ resourceVersion: from, failure: { kind: 'expired', status: 410 } });
  });

  it.each([
    'no json',
    '[]',
    '{"type":"ADDED"}',
    '{"type":"ADDED","object":{"metadata":{"name":"x"}}}',
    '{"type":"NEW","object":{"metadata":{"name":"x","resourceVersion":"1"}}}',
    '{"type":"ADDED","object":{"metadata":{"resourceVersion":"1"}}}',
  ])('ends with what came before when it is sent %s', async (garbage) => {
    const { server, client } = await start();
    const from = String(server.store.version);
    server.faults.add({ verb: 'watch', fault: { garbage } });

    const { end } = watch(server, client, { resourceVersion: from });

    expect(await end).toMatchObject({ resourceVersion: from, failure: { kind: 'garbled' } });
  });

  it('drops an event that is cut in the middle', async () => {
    const { server, client } = await start();
    server.faults.add({ verb: 'watch', fault: { cutAfterBytes: 40 } });
    const { told, end } = watch(server, client);
    const from = String(server.store.version);
    await until('it watches', () => server.watches === 1);

    server.upsert(pod('a'));

    expect(await end).toMatchObject({ resourceVersion: from, failure: { kind: 'unreachable' } });
    expect(told).toEqual([]);
  });

  it('ends when the caller gives up', async () => {
    const { server, client } = await start();
    const controller = new AbortController();
    const { end } = watch(server, client, { signal: controller.signal });
    await until('it watches', () => server.watches === 1);

    controller.abort();

    expect(await end).toMatchObject({ failure: { kind: 'aborted' } });
    await until('the connection is gone', () => server.watches === 0);
  });

  it('passes on what the receiver throws, and lets the connection go', async () => {
    const { server, client } = await start();
    const { end } = watch(server, client, {
      onEvents: async () => {
        throw new Error('full');
      },
    });
    await until('it watches', () => server.watches === 1);
    server.upsert(pod('a'));

    await expect(end).rejects.toThrow('full');
    await until('the connection is gone', () => server.watches === 0);
  });

  it('reads no faster than the receiver takes', async () => {
    const { server, client } = await start();
    let taken = 0;
    let release = (): void => undefined;
    const { end } = watch(server, client, {
      onEvents: async (events) => {
        taken += events.length;
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      },
    });
    await until('it watches', () => server.watches === 1);
    server.upsert(pod('first'));
    await until('the first is taken', () => taken === 1);
    for (let index = 0; index < 50; index++)
      server.upsert(pod(`p${index}`, { spec: { text: 'x'.repeat(100_000) } }));
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect(taken).toBe(1);
    const drain = setInterval(() => release(), 1);
    await until('all are taken', () => taken === 51);
    clearInterval(drain);
    server.cutWatches();
    release();
    await end;
  });
});
