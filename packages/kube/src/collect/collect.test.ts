import type { JsonObject } from '@bulwark/core';
import { type FakeApiServer, type FakeApiServerOptions, fakeApiServer } from '@bulwark/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { KubeClient } from '../client/client.ts';
import { accessTo, FastClock, Inventory, until } from '../fake.testing.ts';
import type { WatchedKind } from '../kinds/watched-kind.ts';
import { WATCHED_KINDS } from '../kinds/watched-kinds.ts';
import { type CollectOptions, collect } from './collect.ts';

const ended: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

/** Few kinds, so that what happens is easy to follow. */
const FEW = WATCHED_KINDS.filter(({ group, kind }) =>
  [
    '/Pod',
    '/ConfigMap',
    '/Secret',
    '/Namespace',
    'apiextensions.k8s.io/CustomResourceDefinition',
    'argoproj.io/Rollout',
  ].includes(`${group}/${kind}`),
);

interface Scene {
  readonly server: FakeApiServer;
  readonly inventory: Inventory;
  readonly clock: FastClock;
  readonly stop: () => Promise<void>;
  readonly done: Promise<void>;
}

async function start(
  server: FakeApiServerOptions = {},
  options: Partial<CollectOptions> & { readonly kinds?: readonly WatchedKind[] } = {},
  prepare: (server: FakeApiServer) => void = () => undefined,
): Promise<Scene> {
  const fake = await fakeApiServer({ bookmarkMs: 50, ...server });
  prepare(fake);
  const clock = new FastClock();
  const client = new KubeClient({ access: accessTo(fake), clock, timeoutMs: 500 });
  const inventory = new Inventory();
  const controller = new AbortController();
  const done = collect({ client, sink: inventory, signal: controller.signal, kinds: FEW, ...options });
  done.catch(() => undefined);
  const stop = async (): Promise<void> => {
    controller.abort();
    await done.catch(() => undefined);
  };
  ended.push(
    stop,
    () => client.close(),
    () => fake.stop(),
  );
  return { server: fake, inventory, clock, stop, done };
}

const isState = ({ inventory }: Scene, kind: string, state: string) =>
  inventory.states.get(kind)?.state === state;
const live = (scene: Scene, kind = 'Pod') => until(`${kind} is live`, () => isState(scene, kind, 'live'));

function pod(name: string, more: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop' },
    spec: { containers: [] },
    ...more,
  };
}
const ref = (name: string, kind = 'Pod') => ({ apiVersion: 'v1', kind, namespace: 'shop', name });

function definition(group: string, kind: string, properties: JsonObject = {}): JsonObject {
  const plural = `${kind.toLowerCase()}s`;
  const schema = {
    openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural },
      versions: [{ name: 'v1', served: true, schema }],
    },
    status: { conditions: [{ type: 'Established', status: 'True' }] },
  };
}
const TEMPLATE: JsonObject = { template: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };

describe('collecting', () => {
  it('lists what is there and follows what changes', async () => {
    const scene = await start({ objects: [pod('a'), pod('b')] });
    const { server, inventory } = scene;
    await live(scene);
    expect(inventory.names('Pod')).toEqual(['shop/a', 'shop/b']);
    expect(inventory.states.get('Pod')).toMatchObject({
      state: 'live',
      objects: 2,
      version: 'v1',
      resource: 'pods',
    });

    server.upsert(pod('c'));
    server.delete(ref('a'));
    await until('both are seen', () => inventory.names('Pod').join() === 'shop/b,shop/c');

    const [seen] = [...(inventory.objects.get('Pod')?.values() ?? [])];
    expect(seen).toMatchObject({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'b' } });
  });

  it('goes through the states of a kind in their order', async () => {
    const scene = await start({ objects: [pod('a')] });
    await live(scene);

    expect(scene.inventory.calls.filter((call) => call.includes(' Pod'))).toEqual([
      'state Pod pending',
      'state Pod listing',
      'upsert Pod 1',
      'state Pod live',
    ]);
  });

  it('says what is not served, not asked for, and not looked at', async () => {
    const scene = await start();
    await live(scene);

    expect(scene.inventory.states.get('argoproj.io/Rollout')?.state).toBe('absent');
    expect(scene.inventory.states.get('Secret')?.state).toBe('withheld');
    expect(scene.inventory.lastUnseen?.kinds.map(({ groupKind }) => groupKind)).toContain('apps/Deployment');
  });

  it('has Secrets without their values where they are asked for', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'shop' },
      data: { k: 'aHVudGVyMjI=' },
    };
    const scene = await start({ objects: [secret] }, { secrets: true });
    await live(scene, 'Secret');

    scene.server.upsert({ ...secret, data: { k: 'aHVudGVyMjIh' } });
    await until('the change is seen', () =>
      JSON.stringify([...(scene.inventory.objects.get('Secret') ?? [])]).includes('"k":9'),
    );

    expect(JSON.stringify([...scene.inventory.objects])).not.toMatch(/aHVudGVyMjI|hunter22/);
  });

  it('removes what went away while nobody looked', async () => {
    const known = ['a', 'gone'].map((name) => ({ groupKind: 'Pod', namespace: 'shop', name }));
    const scene = await start({ objects: [pod('a')] }, { known });
    await live(scene);

    expect(scene.inventory.calls).toContain('remove Pod 1');
    expect(scene.inventory.calls).toContain('upsert Pod 1');
  });

  it('removes what is known of a kind that is no longer served, and only when that is sure', async () => {
    const known = [
      { groupKind: 'example.com/Old', namespace: 'shop', name: 'x' },
      { groupKind: 'broken.io/Kept', namespace: 'shop', name: 'y' },
    ];
    const types = [
      { group: 'broken.io', versions: ['v1'], kind: 'Kept', resource: 'kepts', namespaced: true },
    ];
    const scene = await start({ types }, { known }, (server) => server.staleGroups.add('broken.io'));
    await until('it is removed', () => scene.inventory.calls.includes('remove example.com/Old 1'));

    expect(scene.inventory.calls).not.toContain('remove broken.io/Kept 1');
    expect(scene.inventory.lastUnseen?.groups).toEqual(['broken.io/v1']);
  });

  it('asks for no more kinds at a time than a few', async () => {
    let most = 0;
    let now = 0;
    const slow = new Inventory();
    const upsert = slow.upsert.bind(slow);
    slow.upsert = async (kind, objects) => {
      now++;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now--;
      await upsert(kind, objects);
    };
    const objects = WATCHED_KINDS.slice(0, 20).map(({ group, kind }) => ({
      apiVersion: group === '' ? 'v1' : `${group}/v1`,
      kind,
      metadata: { name: 'x' },
    }));
    await start({ objects }, { sink: slow, kinds: WATCHED_KINDS });
    await until('all are seen', () => slow.calls.filter((call) => call.endsWith(' live')).length > 20);

    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('ends with the signal, and calls nobody afterwards', async () => {
    const scene = await start({ objects: [pod('a')] });
    await live(scene);

    await scene.stop();
    const calls = scene.inventory.calls.length;
    scene.server.upsert(pod('b'));
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(scene.inventory.calls).toHaveLength(calls);
    await until('the watches are gone', () => scene.server.watches === 0);
  });

  it('ends with what the receiver throws', async () => {
    const sink = new Inventory();
    sink.upsert = async () => {
      throw new Error('disk full');
    };
    const scene = await start({ objects: [pod('a')] }, { sink });

    await expect(scene.done).rejects.toThrow('disk full');
    await until('the watches are gone', () => scene.server.watches === 0);
  });
});

describe('rights', () => {
  const without =
    (resource: string, ...verbs: string[]) =>
    (server: FakeApiServer) => {
      server.forbids = (facts) => facts.resource === resource && verbs.includes(facts.verb);
    };

  it('that are missing are named, and used within a minute of being granted', async () => {
    const scene = await start({ objects: [pod('a')] }, {}, without('pods', 'list', 'watch'));
    await until('it is denied', () => isState(scene, 'Pod', 'denied'));
    expect(scene.inventory.states.get('Pod')).toMatchObject({
      missing: { verbs: ['list', 'watch'], group: '', resource: 'pods' },
      reason: expect.stringContaining('forbidden'),
    });
    await live(scene, 'ConfigMap');

    const granted = scene.clock.now();
    scene.server.forbids = () => false;
    await live(scene);

    expect(scene.clock.now() - granted).toBeLessThan(62_000);
    expect(scene.inventory.names('Pod')).toEqual(['shop/a']);
  });

  it('to watch that are missing make a kind be listed again and again', async () => {
    const scene = await start({ objects: [pod('a')] }, {}, without('pods', 'watch'));
    await until('it is polled', () => isState(scene, 'Pod', 'polled'));
    expect(scene.inventory.states.get('Pod')).toMatchObject({
      missing: { verbs: ['watch'], group: '', resource: 'pods' },
    });

    scene.server.upsert(pod('b'));
    scene.server.delete(ref('a'));
    await until('both are seen', () => scene.inventory.names('Pod').join() === 'shop/b');
    scene.server.forbids = () => false;

    await live(scene);
  });

  it('that are taken away leave what is known', async () => {
    const scene = await start({ objects: [pod('a')] });
    await live(scene);

    without('pods', 'list', 'watch')(scene.server);
    scene.server.expire();
    scene.server.cutWatches();
    await until('it is denied', () => isState(scene, 'Pod', 'denied'));

    expect(scene.inventory.names('Pod')).toEqual(['shop/a']);
    expect(scene.inventory.states.get('Pod')?.objects).toBe(1);
    expect(scene.inventory.calls.some((call) => call.startsWith('remove'))).toBe(false);
  });

  it('to ask what is served are named as well', async () => {
    const scene = await start({}, {}, (server) => {
      server.forbids = (facts) => facts.verb === 'discovery' && facts.path !== '/version';
    });
    await until('it is denied', () => isState(scene, 'Pod', 'denied'));

    expect(scene.inventory.states.get('Pod')).toMatchObject({
      missing: { verbs: ['get'], paths: ['/api', '/apis'] },
    });
  });
});

describe('faults of the server', () => {
  it.each([
    ['cut watches', (server: FakeApiServer) => server.cutWatches()],
    [
      'a history that is forgotten',
      (server: FakeApiServer) => {
        server.expire();
        server.cutWatches();
      },
    ],
    [
      'garbage in a watch',
      (server: FakeApiServer) => {
        server.faults.add({ verb: 'watch', times: 3, fault: { garbage: '{"type":' } });
        server.cutWatches();
      },
    ],
    [
      'errors and refusals for a while',
      (server: FakeApiServer) => {
        server.faults.add({ times: 8, fault: { status: 429, retryAfter: 1 } });
        server.faults.add({ times: 8, fault: { status: 500 } });
        server.expire();
        server.cutWatches();
      },
    ],
  ])('such as %s lose nothing', async (_name, harm) => {
    const scene = await start({ objects: [pod('a'), pod('b')] });
    await live(scene);

    harm(scene.server);
    scene.server.delete(ref('a'));
    scene.server.upsert(pod('c'));

    await until('all is seen', () => scene.inventory.names('Pod').join() === 'shop/b,shop/c');
    await live(scene);
  });

  it('such as an outage remove nothing: what is known is stale, since when it was last seen', async () => {
    const scene = await start({ objects: [pod('a')] });
    await live(scene);
    const before = scene.clock.now();

    await scene.server.stop();
    await until('it is stale', () => isState(scene, 'Pod', 'stale'));
    const state = scene.inventory.states.get('Pod');
    expect(state).toMatchObject({ reason: expect.stringContaining('ECONNREFUSED'), objects: 1 });
    expect(state?.state === 'stale' && Math.abs(state.since - before)).toBeLessThan(60_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(scene.inventory.names('Pod')).toEqual(['shop/a']);

    scene.server.delete(ref('a'));
    scene.server.upsert(pod('late'));
    await scene.server.listen();

    await live(scene);
    await until('what was missed is seen', () => scene.inventory.names('Pod').join() === 'shop/late');
  });

  it('such as silence on all connections are noticed', async () => {
    const scene = await start({ objects: [pod('a')] });
    await live(scene);

    const thaw = scene.server.freeze();
    await until('it is stale', () => isState(scene, 'Pod', 'stale'));
    expect(scene.inventory.states.get('Pod')).toMatchObject({
      reason: 'The server does not answer in time.',
    });
    scene.server.upsert(pod('b'));
    thaw();

    await live(scene);
    await until('what was missed is seen', () => scene.inventory.names('Pod').join() === 'shop/a,shop/b');
  });

  it('before the first list are said, and the kind waits', async () => {
    const scene = await start({}, {}, (server) => {
      server.faults.add({ resource: 'pods', fault: { status: 500, message: 'etcd is away' } });
    });
    const reason = () => JSON.stringify(scene.inventory.states.get('Pod') ?? '');
    await until('it says why', () => reason().includes('etcd is away'));
    expect(scene.inventory.states.get('Pod')?.state).toBe('pending');

    scene.server.faults.clear();

    await live(scene);
  });

  it('before the first discovery are said for every kind', async () => {
    const scene = await start({}, {}, (server) => {
      server.faults.add({ verb: 'discovery', fault: { status: 503, message: 'starting' } });
    });
    await until('it says why', () =>
      JSON.stringify(scene.inventory.states.get('Pod') ?? '').includes('starting'),
    );

    scene.server.faults.clear();

    await live(scene);
  });
});

describe('custom kinds', () => {
  const rollout = (name: string) => ({
    apiVersion: 'argoproj.io/v1',
    kind: 'Rollout',
    metadata: { name, namespace: 'shop' },
  });

  it('that are known are collected from the moment they are served', async () => {
    const scene = await start();
    await live(scene, 'apiextensions.k8s.io/CustomResourceDefinition');

    scene.server.upsert(definition('argoproj.io', 'Rollout'));
    scene.server.upsert(rollout('web'));

    await until('it is seen', () => scene.inventory.names('argoproj.io/Rollout').join() === 'shop/web');
  });

  it('with a pod template are collected, and others are not', async () => {
    const scene = await start({
      objects: [definition('example.com', 'Machine', TEMPLATE), definition('example.com', 'Report')],
    });
    scene.server.upsert({
      apiVersion: 'example.com/v1',
      kind: 'Machine',
      metadata: { name: 'm', namespace: 'shop' },
    });

    await until('it is seen', () => scene.inventory.names('example.com/Machine').join() === 'shop/m');
    await live(scene, 'example.com/Machine');

    expect(scene.inventory.states.get('example.com/Machine')).toMatchObject({ state: 'live', project: '' });
    expect(scene.inventory.lastUnseen?.kinds.map(({ groupKind }) => groupKind)).toContain(
      'example.com/Report',
    );
    const stored = scene.inventory.objects
      .get('apiextensions.k8s.io/CustomResourceDefinition')
      ?.get('/machines.example.com');
    expect(JSON.stringify(stored)).not.toContain('openAPIV3Schema');
  });

  it('that are taken away take their objects with them', async () => {
    const scene = await start({ objects: [definition('argoproj.io', 'Rollout'), rollout('web')] });
    await until('it is seen', () => scene.inventory.names('argoproj.io/Rollout').length === 1);

    const [{ metadata }] = [definition('argoproj.io', 'Rollout')];
    const name = String((metadata as JsonObject)['name']);
    scene.server.delete({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name });

    await until('it is absent', () => isState(scene, 'argoproj.io/Rollout', 'absent'));
    expect(scene.inventory.names('argoproj.io/Rollout')).toEqual([]);
  });

  it('whose server does not answer keep their objects', async () => {
    const scene = await start({ objects: [definition('argoproj.io', 'Rollout'), rollout('web')] });
    await until('it is seen', () => scene.inventory.names('argoproj.io/Rollout').length === 1);

    scene.server.staleGroups.add('argoproj.io');
    scene.server.faults.add({ resource: 'rollouts', fault: { status: 503, message: 'no backend' } });
    scene.server.cutWatches();
    await until('it is stale', () => isState(scene, 'argoproj.io/Rollout', 'stale'));
    scene.server.upsert(definition('example.com', 'Trigger'));
    await new Promise((resolve) => setTimeout(resolve, 400));

    expect(scene.inventory.names('argoproj.io/Rollout')).toEqual(['shop/web']);
    expect(isState(scene, 'argoproj.io/Rollout', 'stale')).toBe(true);
  });

  it('are listed anew when the server prefers another version', async () => {
    const scene = await start({ objects: [definition('argoproj.io', 'Rollout'), rollout('web')] });
    await until('it is seen', () => scene.inventory.states.get('argoproj.io/Rollout')?.version === 'v1');

    const next = definition('argoproj.io', 'Rollout');
    const spec = next['spec'] as JsonObject;
    scene.server.upsert({ ...next, spec: { ...spec, versions: [{ name: 'v2', served: true }] }, status: {} });

    await until('it is seen', () => scene.inventory.states.get('argoproj.io/Rollout')?.version === 'v2');
    expect(scene.inventory.names('argoproj.io/Rollout')).toEqual(['shop/web']);
  });
});
