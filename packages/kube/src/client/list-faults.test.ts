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
async function listWith(harm: (server: FakeApiServer) => void): Promise<Listed> {
  const server = await fakeApiServer({ objects: PODS });
  const client = new KubeClient({ access: accessTo(server), clock: new FastClock(1000) });
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
