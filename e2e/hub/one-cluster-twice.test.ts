import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Cable, FakeApiServer } from '@bulwark/testkit';
import { expect, it } from 'vitest';
import { writeKubeconfig } from './kubeconfig.testing.ts';
import { PRIVILEGED_POD } from './objects.testing.ts';
import { dataFolder, eventually, RunningHub } from './running-hub.testing.ts';

const SYSTEM = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'kube-system', uid: '5e0f7a4e-0000-4000-8000-000000000001' },
};

it('of two contexts of one cluster the one that is named first watches it as soon as it answers, and the other says so', async () => {
  const folder = dataFolder();
  const server = await FakeApiServer.start({
    objects: [SYSTEM, PRIVILEGED_POD('cart')] as never,
    tokens: ['reads'],
  });
  const cluster = { server: server.url };
  const kubeconfig = writeKubeconfig(
    join(folder, 'kubeconfig'),
    { name: 'admin', cluster, user: { token: 'administers' } },
    { name: 'reader', cluster, user: { token: 'reads' } },
  );
  const hub = await RunningHub.start({
    folder,
    kubeconfig,
    args: ['--context', 'admin', '--context', 'reader'],
  });
  const isCalled = (name: string) =>
    eventually(`${name} watches`, async () => {
      const { items } = await hub.call('listClusters', {});
      return items.length === 1 && items[0]?.name === name && items[0].state === 'live' ? true : undefined;
    });
  const standsBy = async (): Promise<readonly string[]> => {
    const { checks } = await hub.call('health', {});
    return checks.filter(({ name }) => name.startsWith('watching')).map(({ detail }) => detail);
  };
  try {
    await isCalled('reader');

    server.tokens?.add('administers');
    await isCalled('admin');
    await eventually('the other stands by', async () =>
      (await standsBy()).includes(
        'done for admin of this hub, which is the same cluster and named earlier; this one stands by.',
      )
        ? true
        : undefined,
    );
    expect(await standsBy()).toContain('done by this hub.');
  } finally {
    await hub.remove();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);

it('of two ways to one cluster the second is taken while the first leads nowhere, and nothing that happens meanwhile is lost', async () => {
  const folder = dataFolder();
  const objects = [SYSTEM, PRIVILEGED_POD('cart'), PRIVILEGED_POD('shop')];
  const server = await FakeApiServer.start({ objects: objects as never });
  const cable = await Cable.to(Number(new URL(server.url).port));
  const kubeconfig = writeKubeconfig(
    join(folder, 'kubeconfig'),
    { name: 'near', cluster: { server: `http://127.0.0.1:${cable.port}` }, user: { token: 'reads' } },
    { name: 'far', cluster: { server: server.url }, user: { token: 'reads' } },
  );
  const start = { folder, kubeconfig, args: ['--context', 'near', '--context', 'far'] };
  let hub = await RunningHub.start(start);
  const isWatchedBy = (name: string) =>
    eventually(
      `${name} watches, by the name of the first`,
      async () => {
        const { items } = await hub.call('listClusters', {});
        const { checks } = await hub.call('health', {});
        const isDone = checks.some(
          (check) => check.name === `watching ${name}` && check.detail === 'done by this hub.',
        );
        return isDone && items.length === 1 && items[0]?.name === 'near' && items[0].state === 'live'
          ? true
          : undefined;
      },
      90_000,
    );
  const watching = async (): Promise<unknown> => {
    const { checks } = await hub.call('health', {});
    return checks
      .filter(({ name }) => name.startsWith('watching'))
      .map(({ name, status, detail }) => `${name} ${status}: ${detail}`);
  };
  const privileged = async (): Promise<readonly string[]> => {
    const found = await hub.all('listFindings', 'control:privileged-container state:open');
    return found.map(({ resource }) => resource.name).sort();
  };
  const finds = (...names: readonly string[]) =>
    eventually(`finds ${names.join(' and ')}`, async () =>
      (await privileged()).join() === names.join() ? true : undefined,
    );
  try {
    await isWatchedBy('near');
    await finds('cart', 'shop');
    expect(await watching()).toContain(
      'watching far ok: done for near of this hub, which is the same cluster and named earlier; this one stands by.',
    );

    cable.cut();
    server.upsert(PRIVILEGED_POD('evil') as never);
    server.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'cart' });
    await isWatchedBy('far');
    await finds('evil', 'shop');
    expect(await watching()).toEqual([
      'watching near degraded: not yet: waits for the database and the cluster to answer.',
      'watching far ok: done by this hub.',
    ]);

    await hub.stop();
    hub = await RunningHub.start(start);
    await isWatchedBy('far');
    await finds('evil', 'shop');

    server.upsert(PRIVILEGED_POD('worse') as never);
    cable.mend();
    await isWatchedBy('near');
    await finds('evil', 'shop', 'worse');
  } finally {
    await hub.remove();
    await cable.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);
