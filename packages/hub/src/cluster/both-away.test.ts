import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestHub } from '../handlers/test-cluster.ts';
import { watchByContext } from './watch-kubernetes.testing.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date());
}, 60_000);

afterAll(() => hub?.stop());

/** A port at which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

it('a cluster that two contexts do not reach, each for a reason of its own, keeps one reason', async () => {
  const server = `http://127.0.0.1:${await freePort()}`;
  const { said: straight } = watchByContext(hub, 'straight', { server });
  const proxy = `http://127.0.0.1:${await freePort()}`;
  const { said: round } = watchByContext(hub, 'round', { server, 'proxy-url': proxy });
  await expect.poll(() => [straight.length, round.length], { timeout: 20_000 }).toEqual([1, 1]);
  const whys = [straight, round].map(([said = '']) => said.replace(/^.*does not answer: /, ''));
  expect(new Set(whys).size).toBe(2);
  // It is said before it is stored.
  await pause(1000);

  const reasons = new Set<string>();
  const end = Date.now() + 12_000;
  while (Date.now() < end) {
    const { rows } = await hub.store.pool.query<{ reason: string }>('select reason from cluster');
    for (const { reason } of rows) reasons.add(reason);
    await pause(100);
  }

  expect(whys).toContain([...reasons].join(' | '));
}, 60_000);
