import { HOUSE, holdLease, type LeaseState } from '@bulwark/store';
import { announcement, type Duty } from './duties.ts';
import { type HousekeepingOptions, startHousekeeping } from './housekeeping.ts';
import type { Job } from './jobs.ts';
import { Dispatcher, type DispatcherOptions } from './notifications/dispatcher.ts';
import { noteUnwatched, type UnwatchedOptions } from './unwatched.ts';

type UpkeepOptions = Omit<HousekeepingOptions & DispatcherOptions & UnwatchedOptions, 'isOurs'> & {
  readonly databaseUrl: Parameters<typeof holdLease>[0];
};

/** What is done for all clusters together, by one hub on a database: sending messages, retention, backups. */
export interface Upkeep {
  readonly duty: Duty;
  readonly jobs: readonly Job[];
  /** Looks soon for messages to send. */
  wake(): void;
  /** Says that decisions have changed. */
  decide(): void;
  /** Sends nothing more, and waits until of what is being sent it is noted what became of it. */
  sent(): Promise<void>;
  stop(): Promise<void>;
}

/** Does it whenever no other hub does. */
export function startUpkeep(options: UpkeepOptions): Upkeep {
  let state: LeaseState = { kind: 'unknown' };
  const isOurs = (): boolean => state.kind === 'held';
  const dispatcher = new Dispatcher({ ...options, isOurs });
  const housekeeping = startHousekeeping({ ...options, isOurs });
  const unwatched = noteUnwatched({ ...options, isOurs });
  const lease = holdLease(options.databaseUrl, {
    duty: HOUSE,
    onChange: (next) => {
      const text = announcement({ state: next }, state);
      state = next;
      if (text !== undefined) options.say(text);
      dispatcher.wake();
    },
  });
  return {
    get duty() {
      return { state };
    },
    jobs: [dispatcher.job, ...housekeeping.jobs, unwatched.job],
    wake: () => dispatcher.wake(),
    decide: () => unwatched.decide(),
    sent: () => dispatcher.stop(),
    stop: async () => {
      await Promise.all([dispatcher.stop(), housekeeping.stop(), unwatched.stop()]);
      await lease.release();
    },
  };
}
