import type { JobItem } from '@bulwark/api';
import { HOUSE, type LeaseHolder, leaseHolders, type Store } from '@bulwark/store';
import type { Handlers } from '../http/handler.ts';
import { JOBS, type Job } from '../jobs.ts';
import { type Standing, standings } from './cluster-checks.ts';
import { iso, isoOrNull } from './convert.ts';

export interface JobSettings {
  readonly store: Store;
  /** What is done for all clusters together, by this hub where it has the duty. */
  readonly jobs: () => readonly Job[];
}

/** What the hub does without being asked, who does it, and what became of it. */
export function jobHandlers({ store, jobs }: JobSettings): Handlers<'listJobs'> {
  return {
    listJobs: async () => {
      const [holders, clusters] = await Promise.all([leaseHolders(store.pool), standings(store)]);
      return {
        items: [
          ...jobs().map((job) => houseItem(job, holders.get(HOUSE))),
          ...clusters.map((cluster) => collectionItem(cluster, holders.get(cluster.id))),
        ],
      };
    },
  };
}

/** Of what another hub does it is not known here what became of it. */
function houseItem(job: Job, holder: LeaseHolder | undefined): JobItem {
  const { last, lastDone, next, isRunning } = job;
  const isElsewhere = holder?.isOwn === false;
  return {
    name: job.name,
    about: JOBS[job.name],
    cluster: null,
    ...doneBy(holder),
    isRunning,
    ...(isElsewhere || last === undefined
      ? { lastRun: null, lastResult: null, error: null }
      : {
          lastRun: iso(last.began),
          lastResult: last.error === undefined ? ('done' as const) : ('failed' as const),
          error: last.error ?? null,
        }),
    lastDone: isElsewhere || lastDone === undefined ? null : iso(lastDone),
    next: holder?.isOwn === true && next !== undefined ? iso(next) : null,
  };
}

/** A cluster is watched all the time: it has no next time, and the last one is when it last answered. */
function collectionItem(
  { id, name, state, reason, lastSeen }: Standing,
  holder: LeaseHolder | undefined,
): JobItem {
  const hasFailed = state === 'stale';
  return {
    name: 'collection',
    about: 'Watches the cluster, judges what is seen, and keeps what changes.',
    cluster: { id, name },
    ...doneBy(holder),
    isRunning: holder !== undefined && !hasFailed,
    lastRun: isoOrNull(lastSeen),
    lastResult: hasFailed ? 'failed' : state === 'live' ? 'done' : null,
    lastDone: isoOrNull(lastSeen),
    next: null,
    error: hasFailed ? (reason ?? 'The cluster does not answer.') : null,
  };
}

function doneBy(holder: LeaseHolder | undefined): Pick<JobItem, 'doneBy' | 'holder'> {
  if (holder === undefined) return { doneBy: 'nobody', holder: null };
  return {
    doneBy: holder.isOwn ? 'this hub' : 'another hub',
    holder: holder.holder === '' ? null : holder.holder.replace(' ', ', process '),
  };
}
