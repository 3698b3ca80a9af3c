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

function start(pod: string, token: string): Promise<FakeApiServer> {
  return FakeApiServer.start({ objects: [SYSTEM, PRIVILEGED_POD(pod)] as never, tokens: [token] });
}

/** A machine that is busy takes its time to see that an address is gone. */
const WITHIN_MS = 90_000;

const CRD = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.org' },
  spec: {
    group: 'example.org',
    names: { kind: 'Widget', plural: 'widgets' },
    scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, storage: true }],
  },
};

it('a cluster that has a new token in the kubeconfig, and then a new address, is seen on, without a restart', async () => {
  const folder = dataFolder();
  const kubeconfig = join(folder, 'kubeconfig');
  const write = (server: FakeApiServer, token: string): string =>
    writeKubeconfig(kubeconfig, { name: 'shop', cluster: { server: server.url }, user: { token } });
  const first = await start('before', 'old');
  write(first, 'old');
  const hub = await RunningHub.start({ folder, kubeconfig });
  const sees = (name: string) =>
    eventually(
      `${name} is seen`,
      async () => {
        const { items } = await hub.call('listFindings', { query: { q: `name:${name}` } });
        return items.length > 0 ? true : undefined;
      },
      WITHIN_MS,
    );
  let second: FakeApiServer | undefined;
  try {
    await sees('before');
    first.tokens = new Set(['next']);
    write(first, 'next');
    // Watches that are open go on; what is asked now is refused.
    first.upsert(CRD as never);
    await eventually('the new token is used', async () =>
      first.requests.some(({ headers }) => headers.authorization === 'Bearer next') ? true : undefined,
    );
    await first.stop();
    second = await start('after', 'new');
    write(second, 'new');
    await sees('after');
    const { items } = await hub.call('listClusters', {});
    expect(items.map(({ id, name }) => `${id} ${name}`)).toEqual(['1 shop']);
  } finally {
    await hub.remove();
    await second?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);
