import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeKubeconfig } from './kubeconfig.testing.ts';
import { dataFolder, eventually, RunningHub } from './running-hub.testing.ts';

it('a chosen cluster that has never answered is listed, with the reason, and is missing in coverage', async () => {
  const folder = dataFolder();
  const kubeconfig = writeKubeconfig(join(folder, 'kubeconfig'), {
    name: 'shop',
    cluster: { server: 'https://127.0.0.1:1' },
  });
  const hub = await RunningHub.start({ folder, kubeconfig });
  try {
    const away = await eventually('the cluster is said to be away', async () => {
      const [cluster] = (await hub.call('listClusters', {})).items;
      return cluster?.state === 'stale' ? cluster : undefined;
    });
    expect(away).toMatchObject({ name: 'shop', seen: null, lastSeen: null });
    const { items } = await hub.call('listCoverage', {});
    expect(items).toContainEqual(
      expect.objectContaining({
        code: 'cluster-away',
        kind: 'lost',
        subject: 'the cluster at https://127.0.0.1:1',
        reason: expect.stringMatching(/never answered: .*ECONNREFUSED/),
      }),
    );
  } finally {
    await hub.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);
