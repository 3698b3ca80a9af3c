import type { FakeApiServer } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { until } from '../fake.testing.ts';
import { isState, live, pod, ref, start } from './scene.testing.ts';

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

  it('to ask what is served that are taken away are named once, and what is not served is not lost', async () => {
    const scene = await start();
    await live(scene);
    await until('it is known', () => isState(scene, 'argoproj.io/Rollout', 'absent'));

    scene.server.forbids = (facts) => facts.verb === 'discovery' && facts.path !== '/version';

    const missing = { verbs: ['get'], paths: ['/api', '/apis'] };
    await until('it is told', () => scene.inventory.lastUnseen?.undiscovered !== undefined);
    expect(scene.inventory.lastUnseen?.undiscovered).toMatchObject({ state: 'denied', missing });
    expect(isState(scene, 'argoproj.io/Rollout', 'absent')).toBe(true);
    expect(isState(scene, 'Pod', 'live')).toBe(true);
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
