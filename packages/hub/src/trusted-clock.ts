import { databaseClock, type Store, scopeOf, serverClocks } from '@bulwark/store';
import { lengthOf } from './handlers/clock-faults.ts';

export interface TrustedClockOptions {
  readonly store: Store;
  /** How many days of the past are kept. */
  readonly days: number;
  readonly now: () => Date;
  /** How long something has run, in milliseconds from any beginning: what goes on whatever the clock is set to. */
  readonly uptimeMs?: () => number;
}

const DAY_MS = 86_400_000;
/** By so much clocks may differ that are set by hand, or to another time zone by mistake. */
const FAR_MS = 3_600_000;
/** A hub may be off for some days; what a clock leaps by at most is what is dropped too early at most. */
const LEAP_MS = 7 * DAY_MS;
/** A clock that is wrong at the start of a machine is set right within minutes, or by somebody who notices. */
const STEADY_MS = DAY_MS;

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });

interface Look {
  readonly at: number;
  readonly uptime: number;
}

/**
 * The one rule by which the hub's clock is trusted with what cannot be undone, such as dropping what is old. It is not where it is far
 * from the clock of the database, or of every API server that is seen; where all that is written is older than what is kept; and not
 * for a day after it went ahead by more than a week, or the hub was off for so long: on one machine all clocks are wrong together.
 */
export class TrustedClock {
  private readonly options: TrustedClockOptions;
  private readonly uptime: () => number;
  /** As of the last moment that was written, before this hub wrote anything. */
  private readonly begun: Promise<void>;
  private last: Look | undefined;
  private leap: { readonly uptime: number; readonly by: number } | undefined;

  /** To be made before anything is recorded. */
  constructor(options: TrustedClockOptions) {
    this.options = options;
    this.uptime = options.uptimeMs ?? (() => performance.now());
    const uptime = this.uptime();
    this.begun = databaseClock(options.store).then(
      ({ written }) => {
        if (written !== null) this.last = { at: written.getTime(), uptime };
      },
      // A database that is away says so elsewhere.
      () => undefined,
    );
  }

  /** To be called now and then: a leap is seen by the time that has passed meanwhile. */
  async look(): Promise<void> {
    await this.begun;
    const [at, uptime] = [this.options.now().getTime(), this.uptime()];
    const { last } = this;
    const by = last === undefined ? 0 : at - last.at - (uptime - last.uptime);
    if (by > LEAP_MS) this.leap = { uptime, by };
    // It was set right, or the time has shown that it is.
    else if (by < -LEAP_MS || (this.leap !== undefined && uptime - this.leap.uptime >= STEADY_MS))
      this.leap = undefined;
    this.last = { at, uptime };
  }

  /** Why nothing may be dropped now, in a sentence without its end; undefined where the clock is trusted. */
  async doubt(): Promise<string | undefined> {
    const { store, days } = this.options;
    await this.look();
    const [database, servers] = await Promise.all([databaseClock(store), serverClocks(store, ALL)]);
    const now = this.options.now().getTime();
    const off = now - database.now.getTime();
    const nearest = servers.toSorted((a, b) => Math.abs(a.skew) - Math.abs(b.skew))[0];
    const why =
      saidOf(off, 'that of the database') ??
      (nearest && saidOf(-nearest.skew * 1000, `that of the API server of ${nearest.clusterName}`)) ??
      this.saidOfWritten(now - (database.written?.getTime() ?? now), days) ??
      this.saidOfLeap();
    return why && `Nothing is dropped: ${why}`;
  }

  private saidOfWritten(age: number, days: number): string | undefined {
    if (age <= days * DAY_MS) return undefined;
    return `what was written last is ${inWords(age)} old by the clock of the hub, and ${days} d are kept`;
  }

  private saidOfLeap(): string | undefined {
    if (this.leap === undefined) return undefined;
    return `the clock of the hub is ${inWords(this.leap.by)} ahead of what it was, or of what was written last; it is trusted after a day in which it stays so`;
  }
}

function saidOf(off: number, other: string): string | undefined {
  if (Math.abs(off) <= FAR_MS) return undefined;
  return `the clock of the hub is ${inWords(Math.abs(off))} ${off > 0 ? 'ahead of' : 'behind'} ${other}`;
}

function inWords(milliseconds: number): string {
  return lengthOf(milliseconds / 1000);
}
