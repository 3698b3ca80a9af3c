import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { FakeApiServer } from '@bulwark/testkit';
import { writeKubeconfig } from './kubeconfig.testing.ts';
import { dataFolder, eventually, RunningHub } from './running-hub.testing.ts';

const LIVE_MS = 120_000;

export type ClusterName = 'east' | 'west';

/** A hub that watches two clusters, east and west. */
export interface TwoClusters {
  readonly hub: RunningHub;
  readonly servers: Readonly<Record<ClusterName, FakeApiServer>>;
  /** Both, as the hub told them when they were live. */
  readonly clusters: readonly { readonly id: number; readonly name: string; readonly firstSeen: string }[];
  /** Ends everything and removes what was written. */
  remove(): Promise<void>;
}

/** Starts the hub and an API server for each cluster, and waits until both are live. */
export async function twoClusters(objectsIn: (name: ClusterName) => readonly object[]): Promise<TwoClusters> {
  const folder = dataFolder();
  const serve = (name: ClusterName) => FakeApiServer.start({ objects: objectsIn(name) as never[] });
  const [east, west] = await Promise.all([serve('east'), serve('west')]);
  const kubeconfig = writeKubeconfig(
    join(folder, 'kubeconfig'),
    { name: 'east', cluster: { server: east.url } },
    { name: 'west', cluster: { server: west.url } },
  );
  const hub = await RunningHub.start({ kubeconfig, args: ['--context', 'east', '--context', 'west'] });
  const clusters = await eventually(
    'both clusters are live',
    async () => {
      const { items } = await hub.call('listClusters', {});
      return items.length === 2 && items.every(({ state }) => state === 'live') ? items : undefined;
    },
    LIVE_MS,
  );
  const remove = async (): Promise<void> => {
    await hub.remove();
    await Promise.all([east.stop(), west.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  return { hub, servers: { east, west }, clusters, remove };
}
