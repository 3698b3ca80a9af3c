import type { JsonObject } from '@bulwark/core';
import { type FakeApiServer, type Fault, fakeApiServer } from '@bulwark/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { accessTo, FastClock } from '../fake.testing.ts';
import { KubeClient } from './client.ts';

const pod = (index: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `pod-${index}`, namespace: 'shop' },
});
const PODS = Array.from({ length: 25 }, (_, index) => pod(index));

interface Listed {
  readonly server: FakeApiServer;
  readonly names: readonly unknown[];
  readonly beginnings: number;
  readonly failure: string | undefined;
}

/** Lists in pages of ten, with something that goes wrong after the first of them. */
async function listWith(
  harm: (server: FakeApiServer) => void,
  objects: readonly JsonObject[] = PODS,
  mostBytes?: number,
): Promise<Listed> {
  const server = await fakeApiServer({ objects });
  const more = mostBytes === undefined ? {} : { mostBytes };
  const client = new KubeClient({ access: accessTo(server), clock: new FastClock(1000), ...more });
  onTestFinished(async () => {
    await client.close();
    await server.stop();
  });
  let beginnings = 0;
  const names: unknown[] = [];
  const listed = await client.list('/api/v1/pods', { pageSize: 10, attempts: 1 }, async (page) => {
    if (page.isFirst) {
      names.length = 0;
      beginnings++;
      if (beginnings === 1) harm(server);
    }
    names.push(...page.items.map(({ metadata }) => JSON.stringify(metadata)));
  });
  return { server, names, beginnings, failure: listed.ok ? undefined : listed.error.kind };
}

const failing = (fault: Fault, times?: number) => (server: FakeApiServer) =>
  void server.faults.add({ resource: 'pods', fault, ...(times !== undefined && { times }) });

describe('a page in the middle of a list', () => {
  it.each<[string, Fault, number]>([
    ['the server asks to come back', { status: 429, retryAfter: 1 }, 9],
    ['the server asks to come back, and not when', { status: 429 }, 9],
    ['a server that starts asks to come back', { status: 503, retryAfter: 1 }, 9],
    ['the server has a fault', { status: 500 }, 3],
    ['the connection is cut', { cut: true }, 3],
    ['the answer is cut', { cutAfterBytes: 20 }, 3],
    ['the answer is garbled', { garbage: '{"kind":' }, 3],
  ])('is asked for again where %s', async (_name, fault, times) => {
    const { server, names, beginnings, failure } = await listWith(failing(fault, times));

    expect(failure).toBeUndefined();
    expect(beginnings).toBe(1);
    expect(new Set(names).size).toBe(25);
    expect(names).toHaveLength(25);
    expect(server.requests).toHaveLength(3 + times);
  });

  it.each<[string, Fault, string, number]>([
    ['goes on to ask for patience', { status: 429, retryAfter: 1 }, 'busy', 10],
    ['asks for more than a moment', { status: 429, retryAfter: 60 }, 'busy', 4],
    ['has a fault that stays', { status: 500 }, 'server-error', 4],
    ['takes the right away', { status: 403 }, 'forbidden', 1],
  ])('fails the list where the server %s', async (_name, fault, kind, requests) => {
    const { server, beginnings, failure } = await listWith(failing(fault));

    expect(failure).toBe(kind);
    expect(beginnings).toBe(1);
    expect(server.requests).toHaveLength(1 + requests);
  });

  it('begins the list again where the server has forgotten it', async () => {
    const { names, beginnings, failure } = await listWith((server) => server.expire());

    expect(failure).toBeUndefined();
    expect(beginnings).toBe(2);
    expect(names).toHaveLength(25);
  });
});

describe('a page that is larger than is read', () => {
  const MOST = 100_000;
  const sized = (index: number, bytes: number) => ({ ...pod(index), status: { message: 'x'.repeat(bytes) } });
  const limits = ({ server }: Listed) => server.requests.map(({ query }) => query.get('limit'));
  const unharmed = (): void => undefined;

  it('is asked for with half as many objects, from the beginning', async () => {
    const listed = await listWith(
      unharmed,
      Array.from({ length: 25 }, (_, index) => sized(index, 40_000)),
      MOST,
    );

    expect(listed.failure).toBeUndefined();
    expect(listed.beginnings).toBe(1);
    expect(new Set(listed.names).size).toBe(25);
    expect(listed.names).toHaveLength(25);
    expect(limits(listed).slice(0, 4)).toEqual(['10', '5', '2', '4']);
  });

  it('and from where the list stood, down to a single object', async () => {
    const objects = [
      ...PODS.slice(0, 10),
      ...[80_000, 80_000, 90_000].map((bytes, at) => sized(at + 90, bytes)),
    ];
    const listed = await listWith(unharmed, objects, MOST);

    expect(listed.failure).toBeUndefined();
    expect(listed.beginnings).toBe(1);
    expect(new Set(listed.names).size).toBe(13);
    expect(listed.names).toHaveLength(13);
    expect(limits(listed).slice(0, 5)).toEqual(['10', '10', '5', '2', '1']);
  });

  it('fails the list where one object is, without being asked for again as it was', async () => {
    const listed = await listWith(unharmed, [sized(0, MOST), pod(1)], MOST);

    expect(listed.failure).toBe('too-large');
    expect(limits(listed)).toEqual(['10', '5', '2', '1']);
  });
});
