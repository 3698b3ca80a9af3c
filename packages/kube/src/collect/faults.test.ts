import type { FakeApiServer } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { until } from '../fake.testing.ts';
import { isState, live, pod, ref, start } from './scene.testing.ts';

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
    await until(
      'it does not say what it serves',
      () => scene.inventory.lastUnseen?.undiscovered?.state === 'pending',
    );
    expect(isState(scene, 'argoproj.io/Rollout', 'absent')).toBe(true);
    expect(scene.inventory.states.get('Secret')?.state).toBe('withheld');

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

  it('such as a store that was set back are noticed, though no watch tells of it', async () => {
    const scene = await start({ objects: [pod('a'), pod('b')] });
    await live(scene);
    for (let index = 0; index < 50; index++) scene.server.upsert(pod('b'));
    // The pulse has to have seen the high version first.
    await new Promise((resolve) => setTimeout(resolve, 400));

    scene.server.store.setBack();
    scene.server.delete(ref('a'));
    scene.server.upsert(pod('c'));

    await until('what is there now is seen', () => scene.inventory.names('Pod').join() === 'shop/b,shop/c');
  });

  it('that lose changes do not hide them for ever', async () => {
    const scene = await start({ objects: [pod('a')] });
    await live(scene);

    scene.server.loseNext(1);
    scene.server.upsert(pod('lost'));
    scene.server.upsert(pod('told'));
    await until('the next is seen', () => scene.inventory.names('Pod').includes('shop/told'));
    expect(scene.inventory.names('Pod')).not.toContain('shop/lost');
    scene.clock.skip(3_700_000);
    scene.server.cutWatches();

    await until('it is seen', () => scene.inventory.names('Pod').includes('shop/lost'));
  });

  it('such as watches that begin and tell nothing are noticed, and the kind is listed until one tells something', async () => {
    // No bookmark comes while the test runs.
    const scene = await start({ objects: [pod('a')], bookmarkMs: 3_600_000 });
    await live(scene);
    const passes = (milliseconds: number): void => {
      scene.clock.skip(milliseconds);
      scene.server.cutWatches();
    };
    const isSeen = (names: string) => () => scene.inventory.names('Pod').join() === names;

    scene.server.loseNext(1);
    scene.server.upsert(pod('b'));
    passes(100_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isSeen('shop/a')()).toBe(true);
    expect(isState(scene, 'Pod', 'live')).toBe(true);

    passes(200_000);
    await until('it is listed', isSeen('shop/a,shop/b'));
    await until('it is said', () => isState(scene, 'Pod', 'polled'));
    expect(scene.inventory.states.get('Pod')).toMatchObject({
      reason: expect.stringContaining('tell nothing') as string,
    });

    scene.server.loseNext(1);
    scene.server.delete(ref('a'));
    passes(150_000);
    await until('it is listed after each silence', isSeen('shop/b'));
    expect(isState(scene, 'Pod', 'polled')).toBe(true);

    scene.server.upsert(pod('c'));
    await until('a watch tells of it', isSeen('shop/b,shop/c'));
    expect(isState(scene, 'Pod', 'live')).toBe(true);
  });

  it('are not what a quiet kind is of which bookmarks come', async () => {
    const scene = await start({ objects: [pod('a')] });
    await live(scene);
    const lists = () =>
      scene.server.requests.filter(({ verb, resource }) => verb === 'list' && resource === 'pods');
    const before = lists().length;
    for (let round = 0; round < 4; round++) {
      scene.clock.skip(100_000);
      await new Promise((resolve) => setTimeout(resolve, 150));
      scene.server.cutWatches();
    }

    await live(scene);
    expect(lists()).toHaveLength(before);
  });

  it('are not what another cluster at the same address is: that ends the collection', async () => {
    const scene = await start({ objects: [pod('a')] });
    await live(scene);
    await new Promise((resolve) => setTimeout(resolve, 400));

    scene.server.upsert({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'kube-system', uid: 'another' },
    });

    await expect(scene.done).rejects.toThrow('another one than before');
    expect(scene.inventory.names('Pod')).toEqual(['shop/a']);
  });

  it('are not what a cluster is that was another from the beginning', async () => {
    const scene = await start({ objects: [pod('a')] }, { uid: 'the-former' });

    await expect(scene.done).rejects.toThrow('another one than before');
  });

  it('are not what an upgrade is: the new version is told, and the collection goes on', async () => {
    const told: string[] = [];
    const onVersion = (version: string): void => void told.push(version);
    const scene = await start({ version: 'v1.33.1', objects: [pod('a')] }, { version: 'v1.33.1', onVersion });
    await live(scene);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(told).toEqual([]);

    scene.server.version = 'v1.35.0';
    scene.server.cutWatches();

    await until('it is told', () => told.length > 0);
    scene.server.upsert(pod('b'));
    await until('what comes is seen', () => scene.inventory.names('Pod').join() === 'shop/a,shop/b');
    expect(told).toEqual(['v1.35.0']);
  });

  it('such as a core group that does not say what it serves remove nothing', async () => {
    const scene = await start({ aggregated: false, objects: [pod('a')] });
    await live(scene);
    scene.server.faults.add({ verb: 'discovery', path: /^\/api\/v1$/, fault: { status: 503 } });
    const isAsked = () => scene.inventory.lastUnseen?.groups.includes('v1') === true;
    await until('it is told that the group does not answer', isAsked, 30_000);
    const before = scene.server.requests.length;
    const rounds = () => scene.server.requests.slice(before).filter(({ path }) => path === '/apis').length;
    await until('discovery looked several times', () => rounds() > 3, 30_000);

    expect(scene.inventory.names('Pod')).toEqual(['shop/a']);
    expect(scene.inventory.states.get('Pod')?.state).toBe('live');
  });

  it('such as refusals in the middle of a list do not begin it anew: the page is asked for again', async () => {
    const objects = Array.from({ length: 1200 }, (_each, index) => pod(`pod-${index}`));
    const scene = await start({ objects }, {}, ({ faults }) => {
      const next = faults.next.bind(faults);
      let lists = 0;
      // The pages are three, and every other request is refused.
      faults.next = (facts) => {
        const isRefused = facts.verb === 'list' && facts.resource === 'pods' && ++lists % 2 === 0;
        return isRefused ? { status: 429, retryAfter: 1 } : next(facts);
      };
    });

    await live(scene);

    expect(scene.inventory.names('Pod')).toHaveLength(1200);
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
