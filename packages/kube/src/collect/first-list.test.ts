import type { Fault } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { until } from '../fake.testing.ts';
import { isTried } from './kind-state.ts';
import { live, type Scene, start } from './scene.testing.ts';

const failing = (fault: Fault): Promise<Scene> =>
  start({}, {}, ({ faults }) => void faults.add({ verb: 'list', resource: 'pods', fault }));

const pods = ({ inventory }: Scene) => inventory.states.get('Pod');
const says = (scene: Scene, text: string): boolean => JSON.stringify(pods(scene) ?? '').includes(text);
const hasTried = (scene: Scene): boolean => {
  const state = pods(scene);
  return state !== undefined && isTried(state);
};

describe('a kind whose first list fails', () => {
  it('is waited for as long as that may be a fault of a moment, and says why all the while', async () => {
    const scene = await failing({ status: 500, message: 'etcd is away' });
    const began = scene.clock.now();

    await until('it says why', () => says(scene, 'etcd is away'));
    expect(hasTried(scene)).toBe(false);

    await until('it is not waited for any more', () => hasTried(scene));
    expect(says(scene, 'etcd is away')).toBe(true);
    expect(scene.clock.now() - began).toBeGreaterThan(25_000);

    scene.server.faults.clear();
    await live(scene);
  });

  it('is waited for no longer because it is to be asked for again much later', async () => {
    const scene = await failing({ status: 429, retryAfter: 300, message: 'come back later' });

    await until('it is not waited for any more', () => hasTried(scene));

    const lists = scene.server.requests.filter(
      ({ verb, resource, namespace }) => verb === 'list' && resource === 'pods' && namespace === '',
    );
    expect(lists).toHaveLength(1);
    expect(says(scene, 'come back later')).toBe(true);
  });

  it.each([403, 404, 400])('is not waited for where asking again does not help: %i', async (status) => {
    const scene = await failing({ status, message: 'that is so' });
    const began = scene.clock.now();

    await until('it is not waited for', () => hasTried(scene));

    expect(pods(scene)).toMatchObject({ reason: 'that is so' });
    expect(scene.clock.now() - began).toBeLessThan(25_000);
  });
});
