import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { FakeApiServer } from '@bulwark/testkit';
import { expect, it } from 'vitest';
import { writeKubeconfig } from './kubeconfig.testing.ts';
import { PRIVILEGED_POD } from './objects.testing.ts';
import { dataFolder, eventually, RunningHub } from './running-hub.testing.ts';

it('a control plane that is upgraded is judged by the rules of its new version, without a restart', async () => {
  const folder = dataFolder();
  const kubeconfig = join(folder, 'kubeconfig');
  const server = await FakeApiServer.start({ version: 'v1.36.2', objects: [PRIVILEGED_POD('web')] as never });
  writeKubeconfig(kubeconfig, { name: 'shop', cluster: { server: server.url }, user: { token: 'x' } });
  const hub = await RunningHub.start({ folder, kubeconfig });
  const versions = async (): Promise<readonly string[]> =>
    (await hub.call('listClusters', {})).items.map(({ id, version }) => `${id} ${version}`);
  const remarks = async (): Promise<readonly string[]> =>
    (await hub.call('listCoverage', {})).items.flatMap(({ code, reason }) =>
      code === 'unknown-kubernetes' ? [reason] : [],
    );
  const findings = async (): Promise<readonly string[]> =>
    (await hub.call('listFindings', { query: { q: 'name:web' } })).items.map(
      ({ fingerprint, firstSeen }) => `${fingerprint} ${firstSeen}`,
    );
  try {
    await eventually('the pod is judged', async () => (await findings()).length > 0 || undefined);
    const before = await findings();
    expect([await versions(), await remarks()]).toEqual([['1 v1.36.2'], []]);

    await server.stop();
    server.version = 'v1.38.0';
    await server.listen();

    const isAnew = async () => (await remarks()).length > 0 || undefined;
    await eventually('it is judged anew', isAnew, 180_000);
    expect(await versions()).toEqual(['1 v1.38.0']);
    expect((await remarks())[0]).toContain('Kubernetes 1.38 is not known');
    expect(await findings()).toEqual(before);
  } finally {
    await hub.remove();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);
