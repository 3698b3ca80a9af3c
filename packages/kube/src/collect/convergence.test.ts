import { type FakeApiServer, fakeApiServer } from '@bulwark/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KubeClient } from '../client/client.ts';
import { accessTo, FastClock, Inventory, until } from '../fake.testing.ts';
import { WATCHED_KINDS } from '../kinds/watched-kinds.ts';
import { collect } from './collect.ts';

const NAMES = Array.from({ length: 12 }, (_, index) => `p${index}`);
const PODS = WATCHED_KINDS.filter(({ group, kind }) => group === '' && kind === 'Pod');

/** What happens to the server, beside changes of objects. */
const HARM: Readonly<Record<string, (server: FakeApiServer) => void>> = {
  cut: (server) => server.cutWatches(),
  expire: (server) => server.expire(),
  error: (server) => server.faults.add({ times: 2, fault: { status: 503 } }),
  garbage: (server) => server.faults.add({ verb: 'watch', times: 1, fault: { garbage: 'x' } }),
  shortWatch: (server) => server.faults.add({ verb: 'watch', times: 1, fault: { cutAfterBytes: 30 } }),
  shortList: (server) => server.faults.add({ verb: 'list', times: 1, fault: { cutAfterBytes: 30 } }),
  slow: (server) => server.faults.add({ times: 1, fault: { delayMs: 5 } }),
  drop: (server) => server.faults.add({ times: 1, fault: { cut: true } }),
};

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('upsert'), name: fc.constantFrom(...NAMES) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete'), name: fc.constantFrom(...NAMES) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom(...Object.keys(HARM)), name: fc.constant('') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait'), name: fc.constant('') }) },
);

function act(server: FakeApiServer, { kind, name }: { readonly kind: string; readonly name: string }): void {
  if (kind === 'upsert')
    server.upsert({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' }, spec: {} });
  else if (kind === 'delete') server.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name });
  else HARM[kind]?.(server);
}

function versionsOf(inventory: Inventory): string[] {
  const pods = [...(inventory.objects.get('Pod')?.values() ?? [])];
  return pods.map((pod) => JSON.stringify(pod['metadata'])).sort();
}

describe('whatever happens', () => {
  it('what was collected becomes what is there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const server = await fakeApiServer({ bookmarkMs: 20 });
        const client = new KubeClient({
          access: accessTo(server),
          clock: new FastClock(500),
          timeoutMs: 500,
        });
        const inventory = new Inventory();
        const controller = new AbortController();
        const done = collect({ client, sink: inventory, signal: controller.signal, kinds: PODS });
        try {
          for (const each of steps) {
            act(server, each);
            if (each.kind === 'wait') await new Promise((resolve) => setTimeout(resolve, 10));
          }
          server.faults.clear();
          const there = () =>
            server.store
              .list('', 'Pod')
              .map(({ text }) => JSON.stringify(JSON.parse(text).metadata))
              .sort();
          await until('it is the same', () => there().join() === versionsOf(inventory).join());
          expect(versionsOf(inventory)).toEqual(there());
        } finally {
          controller.abort();
          await done;
          await client.close();
          await server.stop();
        }
      }),
      { numRuns: 40 },
    );
  });
});
