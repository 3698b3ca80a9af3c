import { describe, expect, it } from 'vitest';
import { Inventory, until } from '../fake.testing.ts';
import { WATCHED_KINDS } from '../kinds/watched-kinds.ts';
import { live, pod, ref, start } from './scene.testing.ts';

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

  it('asks for those EndpointSlices alone that Kubernetes does not make itself', async () => {
    const kinds = WATCHED_KINDS.filter(({ kind }) => kind === 'EndpointSlice' || kind === 'Pod');
    const { server, inventory } = await start({}, { kinds });
    await until(
      'it is watched',
      () => inventory.states.get('discovery.k8s.io/EndpointSlice')?.state === 'live',
    );
    const asked = (resource: string) =>
      server.requests
        .filter((each) => each.resource === resource)
        .map(({ verb, query }) => `${verb} ${query.get('labelSelector') ?? 'all'}`);
    const others =
      'kubernetes.io/service-name,endpointslice.kubernetes.io/managed-by!=endpointslice-controller.k8s.io';

    expect(asked('endpointslices')).toEqual([`list ${others}`, `watch ${others}`]);
    expect(new Set(asked('pods'))).toEqual(new Set(['list all', 'watch all']));
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
