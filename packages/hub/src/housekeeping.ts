import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { backup, ensurePartitions, keepPastCounters, retain, type Store, UNFINISHED } from '@bulwark/store';
import { type Rounds, startRounds } from './rounds.ts';

export interface HousekeepingOptions {
  readonly store: Store;
  /** How many days of the past are kept. */
  readonly days: number;
  /** Where the nightly backups go; undefined where the database is somebody else's. */
  readonly backups?: string;
  /** Whether it is this hub that keeps house. */
  readonly isOurs: () => boolean;
  readonly now: () => Date;
  readonly say: (message: string) => void;
}

const DAY_MS = 86_400_000;
const EVERY_MS = 15 * 60 * 1000;
/** After the start, when the first look at clusters is over. */
const FIRST_MS = 2 * 60 * 1000;
const BACKUPS_KEPT = 7;

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

/** What is due on a day and was not yet done: partitions ahead, what is too old dropped, sums of the past, a backup. */
export async function keepHouse({
  store,
  days,
  backups,
  now,
}: Omit<HousekeepingOptions, 'isOurs'>): Promise<void> {
  const moment = now();
  await ensurePartitions(store.pool, moment);
  const oldest = new Date(moment.getTime() - days * DAY_MS);
  await retain(store.pool, oldest);
  await keepPastCounters(store, { from: oldest, now: moment });
  if (backups === undefined) return;
  mkdirSync(backups, { recursive: true, mode: 0o700 });
  const file = join(backups, `bulwark-${moment.toISOString().slice(0, 10)}.backup`);
  if (backupsIn(backups).includes(file)) return;
  for (const left of readdirSync(backups).filter((name) => name.endsWith(UNFINISHED)))
    rmSync(join(backups, left), { force: true });
  await backup(store, file, { now: moment });
  for (const old of backupsIn(backups).slice(0, -BACKUPS_KEPT)) rmSync(old, { force: true });
}

/**
 * Keeps house once a day, in the first quarter of an hour of it, and says what went wrong. What is due when it starts is done
 * soon after: many a hub does not run at midnight.
 */
export function startHousekeeping(
  options: HousekeepingOptions,
  { firstMs = FIRST_MS, everyMs = EVERY_MS } = {},
): Rounds {
  let done = '';
  let isStopped = false;
  const round = async (): Promise<void> => {
    const today = options.now().toISOString().slice(0, 10);
    if (today === done || !options.isOurs()) return;
    try {
      await keepHouse(options);
      done = today;
    } catch (error) {
      // What is broken off at the end is done at the next start.
      if (isStopped) return;
      options.say(
        `Keeping house failed: ${error instanceof Error ? error.message : 'unknown'}; tried again.`,
      );
    }
  };
  const rounds = startRounds(round, { firstMs, everyMs });
  return {
    stop: () => {
      isStopped = true;
      return rounds.stop();
    },
  };
}
