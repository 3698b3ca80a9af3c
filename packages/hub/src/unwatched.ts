import { markClusterAway, replacedClusters, type Store, unwatchedClusters } from '@bulwark/store';
import { after, Job, type JobOptions } from './jobs.ts';
import { type Rounds, startRounds } from './rounds.ts';

interface UnwatchedOptions {
  readonly store: Store;
  /** Whether it is this hub that sees to what is of all clusters. */
  readonly isOurs: () => boolean;
  readonly now: () => Date;
  readonly onEnd?: JobOptions['onEnd'];
}

const EVERY_MS = 30_000;
const REASON = 'No hub watches it.';
const REPLACED = 'Another cluster is at its address now; no hub watches it.';

/**
 * Says of clusters that no hub watches that they are away: the hub that did has ended, or is started with another kubeconfig.
 * Those that are found so twice, so that a hub has the time to start again.
 */
export function noteUnwatched(
  { store, isOurs, now, onEnd }: UnwatchedOptions,
  everyMs = EVERY_MS,
): Rounds & { readonly job: Job } {
  const job = new Job('presence', { now, next: after(everyMs), onEnd });
  let before: ReadonlySet<number> = new Set();
  const look = async (): Promise<void> => {
    const found = await unwatchedClusters(store);
    for (const cluster of found) if (before.has(cluster)) await markClusterAway(store, cluster, REASON);
    before = new Set(found);
    // Why it went away holds no longer where its address answers for another one.
    for (const cluster of await replacedClusters(store)) await markClusterAway(store, cluster, REPLACED);
  };
  const round = async (): Promise<void> => {
    if (isOurs()) await job.run(look);
    else before = new Set();
  };
  // A database that is away says so elsewhere, and is asked again.
  return { job, ...startRounds(() => round().catch(() => undefined), { everyMs }) };
}
