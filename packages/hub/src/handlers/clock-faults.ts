import {
  type ClockAhead,
  clocksAhead,
  type Scope,
  type ServerClock,
  type Store,
  scopeOf,
  serverClocks,
} from '@bulwark/store';
import type { Check } from './check.ts';
import { iso } from './convert.ts';

/** That moments of a history are not the true ones. */
export const CLOCK_WAS_AHEAD = 'clock-was-ahead';

/** What is to be said of a clock, as coverage says it. */
interface ClockRecord {
  readonly code: typeof CLOCK_WAS_AHEAD | 'clock-differs';
  readonly kind: 'note';
  readonly subject: string;
  readonly reason: string;
  readonly remedy: string;
  readonly since: Date;
  readonly clusterId: number;
  readonly clusterName: string;
}

const REMEDY = 'Keep the clocks of the hub and of the API servers in time, such as by NTP.';

/** What the clocks mean for what is told of clusters: which moments are not the true ones, and which clocks differ. */
export async function clockRecords(store: Store, scope: Scope): Promise<readonly ClockRecord[]> {
  const [ahead, servers] = await Promise.all([clocksAhead(store, scope), serverClocks(store, scope)]);
  return [...ahead.map(recordOfAhead), ...servers.flatMap(recordOfServer)];
}

/** The same as health says it, as long as it is so. */
export async function clockChecks(store: Store, now: Date): Promise<readonly Check[]> {
  const all = scopeOf({ clusters: 'all', namespaces: 'all' });
  const [ahead, servers] = await Promise.all([clocksAhead(store, all), serverClocks(store, all)]);
  const lasting = ahead.filter(({ until }) => until > now);
  return [...lasting.map(recordOfAhead), ...servers.flatMap(recordOfServer)].map(
    ({ clusterName, reason }) => ({ name: `clocks of ${clusterName}`, status: 'degraded', detail: reason }),
  );
}

function recordOfAhead({ since, until, ...cluster }: ClockAhead): ClockRecord {
  const by = lengthOf((until.getTime() - since.getTime()) / 1000);
  return {
    ...cluster,
    code: CLOCK_WAS_AHEAD,
    kind: 'note',
    subject: `the clock of the hub until ${iso(since)}`,
    reason:
      `The clock of the hub was ahead by ${by}, which was found at ${iso(since)}: what was written before bears moments until ${iso(until)}. ` +
      'What happened until then is in its order, at moments that are not the true ones, and as of these nothing is told right.',
    remedy: REMEDY,
    since,
  };
}

function recordOfServer({ skew, since, ...cluster }: ServerClock): readonly ClockRecord[] {
  if (skew === 0 || since === null) return [];
  const where = skew > 0 ? 'behind' : 'ahead of';
  const reason =
    `The clock of the hub is ${lengthOf(Math.abs(skew))} ${where} that of the API server: ` +
    'when something happened is told wrongly by as much, and who did it may not be found.';
  return [
    {
      ...cluster,
      code: 'clock-differs',
      kind: 'note',
      subject: 'the clock of the API server',
      reason,
      remedy: REMEDY,
      since,
    },
  ];
}

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
] as const;

/** A time in its largest unit: 59 min. */
export function lengthOf(seconds: number): string {
  const unit = UNITS.find(([, size]) => seconds >= size);
  return unit === undefined ? `${Math.floor(seconds)} s` : `${Math.floor(seconds / unit[1])} ${unit[0]}`;
}
