import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { FakeApiServer } from '@bulwark/testkit';
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
