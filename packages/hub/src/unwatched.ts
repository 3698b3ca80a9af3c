import { markClusterAway, type Store, unwatchedClusters } from '@bulwark/store';

interface UnwatchedOptions {
  readonly store: Store;
  /** Whether it is this hub that sees to what is of all clusters. */
  readonly isOurs: () => boolean;
}

const EVERY_MS = 30_000;
const REASON = 'No hub watches it.';

/**
 * Says of clusters that no hub watches that they are away: the hub that did has ended, or is started with another kubeconfig.
 * Those that are found so twice, so that a hub has the time to start again.
 */
export function noteUnwatched(
  { store, isOurs }: UnwatchedOptions,
  everyMs = EVERY_MS,
): { stop(): Promise<void> } {
  let before: ReadonlySet<number> = new Set();
  let running: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    const found = isOurs() ? await unwatchedClusters(store) : [];
    for (const cluster of found) if (before.has(cluster)) await markClusterAway(store, cluster, REASON);
    before = new Set(found);
  };
  const timer = setInterval(() => {
    // A database that is away says so elsewhere, and is asked again.
    running = running.then(look).catch(() => undefined);
  }, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
