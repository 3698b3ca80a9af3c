import type { Fault } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { until } from '../fake.testing.ts';
import { isState, live, pod, type Scene, start } from './scene.testing.ts';

const PAGE = '<html>Sign in</html>';
const ERROR = JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 500, message: 'made up' } });

const statesOf = ({ inventory }: Scene) => inventory.calls.filter((call) => call.startsWith('state Pod'));
const lists = ({ server }: Scene) =>
  server.requests.filter(({ verb, resource }) => verb === 'list' && resource === 'pods').length;
/** A quiet kind tells nothing while the test runs. */
const NEVER_MS = 60_000;
/** As long as a watch has to last, on the fast clock of a scene. */
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 200));

describe('a watch that opens and breaks at once', () => {
  it.each<[string, Fault, string]>([
    ['an error of the server', { garbage: ERROR }, 'made up'],
    ['garbage', { garbage: PAGE }, 'The watch sends what is not an event.'],
    ['a page of HTML', { status: 200, body: PAGE }, 'The watch ends at once and tells nothing.'],
    ['its end', { status: 200, body: '' }, 'The watch ends at once and tells nothing.'],
    ['a cut at its first byte', { cutAfterBytes: 0 }, ''],
  ])('by %s is said with the second in a row, and the kind is listed', async (_what, fault, reason) => {
    const scene = await start({ objects: [pod('a')] });
    await live(scene);

    scene.server.faults.add({ verb: 'watch', resource: 'pods', fault });
    scene.server.cutWatches();
    scene.server.upsert(pod('b'));

    await until('it is stale', () => isState(scene, 'Pod', 'stale'));
    expect(scene.inventory.states.get('Pod')).toMatchObject({ reason: expect.stringContaining(reason) });
    await until('what came is listed', () => scene.inventory.names('Pod').join() === 'shop/a,shop/b');
    scene.server.faults.clear();
    await live(scene);
    scene.server.upsert(pod('c'));
    await until('changes are seen', () => scene.inventory.names('Pod').includes('shop/c'));
  });

  it('is not taken for one that tells something because it opens: lists make nothing live', async () => {
    const scene = await start({ objects: [pod('a')] });
    await live(scene);
    scene.server.faults.add({ verb: 'watch', resource: 'pods', fault: { garbage: ERROR } });
    scene.server.cutWatches();
    await until('it is stale', () => isState(scene, 'Pod', 'stale'));
    const [before, listed] = [statesOf(scene).length, lists(scene)];

    await until('it is listed again and again', () => lists(scene) > listed + 3);

    expect(new Set(statesOf(scene).slice(before))).toEqual(new Set(['state Pod stale']));
  });

  it('once changes nothing', async () => {
    const scene = await start({ objects: [pod('a')] });
    await live(scene);
    await aWhile();
    const listed = lists(scene);
    scene.server.faults.add({ verb: 'watch', resource: 'pods', fault: { garbage: ERROR }, times: 1 });
    scene.server.cutWatches();
    await until('it watches again', () => scene.server.watches > 3);

    scene.server.upsert(pod('b'));

    await until('changes are seen', () => scene.inventory.names('Pod').includes('shop/b'));
    expect(statesOf(scene)).not.toContain('state Pod stale');
    expect(lists(scene)).toBe(listed);
  });

  it('is not what a load balancer cuts after a quiet while', async () => {
    const scene = await start({ objects: [pod('a')], bookmarkMs: NEVER_MS });
    await live(scene);

    for (let cut = 0; cut < 4; cut++) {
      await until('it watches', () => scene.server.watches > 3);
      await aWhile();
      scene.server.cutWatches();
    }

    expect(statesOf(scene)).not.toContain('state Pod stale');
  });

  it('is trusted again where it lasts, though it tells nothing', async () => {
    const scene = await start({ objects: [pod('a')], bookmarkMs: NEVER_MS });
    await live(scene);
    scene.server.faults.add({ verb: 'watch', resource: 'pods', fault: { garbage: ERROR } });
    scene.server.cutWatches();
    await until('it is stale', () => isState(scene, 'Pod', 'stale'));
    const listed = lists(scene);
    scene.server.faults.clear();
    await until('it watches', () => lists(scene) > listed && scene.server.watches > 3);
    await aWhile();
    expect(isState(scene, 'Pod', 'stale')).toBe(true);

    scene.server.cutWatches();

    await live(scene);
  });
});

describe('what answers everything in the place of the server', () => {
  it('makes what is known stale, removes nothing, and is over when the server answers', async () => {
    const scene = await start({ objects: [pod('a')] });
    await live(scene);

    scene.server.faults.add({ fault: { status: 200, body: PAGE } });
    scene.server.cutWatches();
    scene.server.upsert(pod('b'));

    await until('all is stale', () => ['Pod', 'ConfigMap'].every((kind) => isState(scene, kind, 'stale')));
    const listed = lists(scene);
    await until('it is tried again', () => lists(scene) > listed + 2);
    expect(scene.inventory.names('Pod')).toEqual(['shop/a']);
    scene.server.faults.clear();
    await live(scene);
    await until('what came is seen', () => scene.inventory.names('Pod').join() === 'shop/a,shop/b');
  });
});
