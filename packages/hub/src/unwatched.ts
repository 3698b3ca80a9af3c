import { markClusterAway, replacedClusters, type Store, unrecordedClusters } from '@bulwark/store';
import { UnrecordedDecisions, type UnrecordedOptions } from './cluster/unrecorded-decisions.ts';
import { after, Job, type JobOptions } from './jobs.ts';
import { type Rounds, startRounds } from './rounds.ts';

export interface UnwatchedOptions extends Pick<UnrecordedOptions, 'decisionsFor'> {
  readonly store: Store;
  /** Whether it is this hub that sees to what is of all clusters. */
  readonly isOurs: () => boolean;
  readonly now: () => Date;
  readonly say: (message: string) => void;
  readonly onEnd?: JobOptions['onEnd'];
}

const EVERY_MS = 30_000;
const REASON = 'No hub watches it.';
const REPLACED = 'Another cluster is at its address now; no hub watches it.';

/** What is seen to for clusters that no hub watches. */
export interface Unwatched extends Rounds {
  readonly job: Job;
  /** Says that decisions have changed: they hold at once for those that are known to be unwatched. */
  decide(): void;
}

/**
 * Says of clusters that no hub watches that they are away: the hub that did has ended, or is started with another kubeconfig.
 * Those that are found so twice, so that a hub has the time to start again. What is decided of them holds all the same.
 */
export function noteUnwatched(
  { store, isOurs, now, say, onEnd, decisionsFor }: UnwatchedOptions,
  everyMs = EVERY_MS,
): Unwatched {
  const job = new Job('presence', { now, next: after(everyMs), onEnd });
  const stopping = new AbortController();
  const decisions = new UnrecordedDecisions({
    ...{ store, now, decisionsFor, signal: stopping.signal },
    onFault: () =>
      say('New decisions about clusters that no hub watches could not be read; it is tried again.'),
  });
  let before: ReadonlySet<number> = new Set();
  const look = async (): Promise<void> => {
    const found = await unrecordedClusters(store);
    const live = found.filter(({ isLive }) => isLive).map(({ id }) => id);
    for (const cluster of live) if (before.has(cluster)) await markClusterAway(store, cluster, REASON);
    before = new Set(live);
    // Why it went away holds no longer where its address answers for another one.
    for (const cluster of await replacedClusters(store)) await markClusterAway(store, cluster, REPLACED);
    await decisions.settle(found.map(({ id }) => id));
  };
  const round = async (): Promise<void> => {
    if (isOurs()) return job.run(look);
    before = new Set();
    await decisions.settle([]);
  };
  // A database that is away says so elsewhere, and is asked again.
  const rounds = startRounds(() => round().catch(() => undefined), { everyMs });
  return {
    job,
    decide: () => decisions.changed(),
    stop: async () => {
      stopping.abort();
      await Promise.all([rounds.stop(), decisions.over()]);
    },
  };
}
