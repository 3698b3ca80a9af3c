import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  backup,
  ensurePartitions,
  keepPastCounters,
  maskStored,
  retain,
  type Store,
  UNFINISHED,
} from '@bulwark/store';
import { after, Job, type JobOptions } from './jobs.ts';
import { type Rounds, startRounds } from './rounds.ts';
import type { TrustedClock } from './trusted-clock.ts';

export interface HousekeepingOptions {
  readonly store: Store;
  /** How many days of the past are kept. */
  readonly days: number;
  /** Of the program: each takes more texts for secrets than the one before. */
  readonly version: string;
  /** Where the nightly backups go; undefined where the database is somebody else's. */
  readonly backups?: string;
  /** Whether it is this hub that keeps house. */
  readonly isOurs: () => boolean;
  readonly now: () => Date;
  /** Whether `now` is trusted with dropping what is old. */
  readonly clock: Pick<TrustedClock, 'look' | 'doubt'>;
  readonly say: (message: string) => void;
  readonly onEnd?: JobOptions['onEnd'];
}

type Chore = Omit<HousekeepingOptions, 'isOurs' | 'say' | 'onEnd' | 'version' | 'clock'>;

const DAY_MS = 86_400_000;
const EVERY_MS = 15 * 60 * 1000;
/** After the start, when the first look at clusters is over. */
const FIRST_MS = 2 * 60 * 1000;
const BACKUPS_KEPT = 7;
/** A night, and half a day to notice that none was made in it. */
const BACKUP_WITHIN_HOURS = 36;

/** The backups in a folder, the oldest first. */
export function backupsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^bulwark-\d{4}-\d{2}-\d{2}\.backup$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Partitions ahead, what is too old dropped, sums of the past. */
export async function keepPast({ store, days, now }: Chore): Promise<void> {
  const moment = now();
  await ensurePartitions(store.pool, moment);
  const oldest = new Date(moment.getTime() - days * DAY_MS);
  await retain(store.pool, oldest);
  await keepPastCounters(store, { from: oldest, now: moment });
}

/** The backups in a folder that are of no later day than a moment, the oldest first: others were named by a clock that was ahead. */
function backupsUntil(folder: string, moment: Date): string[] {
  return backupsIn(folder).filter((file) => file <= backupOf(folder, moment));
}

/** The backup of a folder that was made last, as far as names tell; undefined where there is none. */
export function lastBackupIn(folder: string, now: Date): string | undefined {
  return backupsUntil(folder, now).at(-1) ?? backupsIn(folder).at(-1);
}

function backupOf(folder: string, moment: Date): string {
  return join(folder, `bulwark-${moment.toISOString().slice(0, 10)}.backup`);
}

/**
 * The backup of a day. Of those before only as many are dropped as there are new ones, whatever the clock says.
 *
 * @returns false where it is there already, or none are kept.
 */
export async function keepBackups({ store, backups, now }: Chore): Promise<boolean> {
  if (backups === undefined) return false;
  const moment = now();
  mkdirSync(backups, { recursive: true, mode: 0o700 });
  const file = backupOf(backups, moment);
  if (backupsIn(backups).includes(file)) return false;
  for (const left of readdirSync(backups).filter((name) => name.endsWith(UNFINISHED)))
    rmSync(join(backups, left), { force: true });
  await backup(store, file, { now: moment });
  for (const old of backupsUntil(backups, moment).slice(0, -BACKUPS_KEPT)) rmSync(old, { force: true });
  return true;
}

/** Keeping house, until it is stopped. */
export interface Housekeeping extends Rounds {
  readonly jobs: readonly Job[];
}

/**
 * Keeps house once a day, in the first quarter of an hour of it, and says what went wrong. What is due when it starts is done
 * soon after: many a hub does not run at midnight. One chore that fails keeps no other one from being done.
 */
export function startHousekeeping(
  options: HousekeepingOptions,
  { firstMs = FIRST_MS, everyMs = EVERY_MS } = {},
): Housekeeping {
  const { now, clock, backups, onEnd } = options;
  const daily: JobOptions = {
    now,
    onEnd,
    first: new Date(now().getTime() + firstMs),
    next: (ended, hasFailed) => (hasFailed ? after(everyMs)(ended, hasFailed) : dayAfter(ended)),
  };
  let isStopped = false;
  const chores = [
    {
      job: new Job('retention', daily),
      act: async () => {
        const doubt = await clock.doubt();
        if (doubt === undefined) await keepPast(options);
        await maskStored(options.store, { version: options.version, isStopped: () => isStopped });
        if (doubt !== undefined) throw new Error(doubt);
      },
      done: '',
    },
    ...(backups === undefined
      ? []
      : [
          {
            job: new Job('backup', {
              ...daily,
              lastDone: lastBackupMade(backups, now()),
              withinHours: BACKUP_WITHIN_HOURS,
            }),
            act: () => keepBackups(options),
            done: '',
          },
        ]),
  ];
  const round = async (): Promise<void> => {
    await clock.look();
    for (const chore of chores) {
      const today = now().toISOString().slice(0, 10);
      if (isStopped || today === chore.done) continue;
      if (!options.isOurs()) {
        chore.job.next = after(everyMs)(now(), false);
        continue;
      }
      try {
        await chore.job.run(() => chore.act());
        chore.done = today;
      } catch (error) {
        // What is broken off at the end is done at the next start.
        if (isStopped) return;
        options.say(
          `Keeping house failed: ${error instanceof Error ? error.message : 'unknown'}; tried again.`,
        );
      }
    }
  };
  const rounds = startRounds(round, { firstMs, everyMs });
  return {
    jobs: chores.map(({ job }) => job),
    stop: () => {
      isStopped = true;
      return rounds.stop();
    },
  };
}

/** When the newest backup of a folder was written. */
function lastBackupMade(folder: string, now: Date): Date | undefined {
  const newest = lastBackupIn(folder, now);
  return newest === undefined ? undefined : statSync(newest, { throwIfNoEntry: false })?.mtime;
}

/** The beginning of the next day, in UTC. */
function dayAfter(moment: Date): Date {
  return new Date((Math.floor(moment.getTime() / DAY_MS) + 1) * DAY_MS);
}
