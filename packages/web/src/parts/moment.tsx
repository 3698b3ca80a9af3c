import { Tooltip } from '@mantine/core';
import { createContext, type ReactNode, use, useEffect, useSyncExternalStore } from 'react';
import { SharedClock } from '../data/shared-clock.ts';
import { ageOf } from './age.ts';

/** Hour and minute of a moment, with the day where that is another one. */
export function timeOf(moment: number): string {
  const date = new Date(moment);
  const isToday = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(!isToday && { day: 'numeric', month: 'short' }),
  });
}

/** A moment in full, to the minute. */
export function minuteOf(moment: string): string {
  return new Date(moment).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

const CLOCK = new SharedClock();
const Given = createContext<string | undefined>(undefined);

export interface AsOfProps {
  /** RFC 3339; now where it is undefined. */
  readonly at: string | undefined;
  readonly children: ReactNode;
}

/** What in it is of a moment, from which ages count. */
export function AsOf({ at, children }: AsOfProps) {
  return <Given value={at}>{children}</Given>;
}

/** The moment that what is shown is of, in milliseconds. */
export function useMoment(): number {
  const asOf = use(Given);
  const now = useSyncExternalStore(CLOCK.listen, CLOCK.now);
  // A page that was left may have stood for long.
  useEffect(CLOCK.step, []);
  return asOf === undefined ? now : Date.parse(asOf);
}

/**
 * A moment as the time since then, or until then, as of the moment that what is shown is of; the exact one on hover and for
 * screen readers.
 *
 * @param props.isToCome whether it may be one that has not come yet, such as an end. What was seen has: the clock of the hub was
 *   ahead where it says otherwise.
 */
export function Moment({ at, isToCome = false }: { readonly at: string; readonly isToCome?: boolean }) {
  const asOf = useMoment();
  const moment = Date.parse(at);
  // What has just come is not still to come.
  useEffect(() => {
    if (moment > CLOCK.now()) CLOCK.step();
  }, [moment]);
  const exact = new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  const now = isToCome ? Number.POSITIVE_INFINITY : CLOCK.now();
  return (
    <Tooltip label={exact}>
      <time dateTime={at} className="number" style={{ whiteSpace: 'nowrap' }}>
        {ageOf(moment, { now, asOf })}
      </time>
    </Tooltip>
  );
}
