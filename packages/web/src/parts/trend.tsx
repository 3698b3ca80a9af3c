import { SEVERITIES } from '@bulwark/core';
import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import { amount } from './amount.ts';
import { SeverityMark } from './severity.tsx';
import { directionOf, endOfAxis, endOfDay } from './trend-scale.ts';

interface Day {
  readonly day: string;
  readonly counts: Readonly<Record<string, number>>;
}

const DIRECTION_COLORS = {
  better: 'var(--good)',
  worse: 'var(--high)',
  'no change': 'var(--quiet)',
} as const;

/**
 * Open findings by day as bars, the worst at the bottom, against the number of the first day, which is to get below. Each day
 * leads to what was open at its end; the last one ends with the moment that is looked at.
 */
export function Trend({ days }: { readonly days: readonly Day[] }) {
  if (days.length < 2)
    return (
      <div className="quiet" style={{ fontSize: 13 }}>
        The trend begins with the second day.
      </div>
    );
  const totals = days.map(totalOf);
  const [first = 0] = totals;
  const last = totals.at(-1) ?? 0;
  const end = endOfAxis(Math.max(...totals));
  return (
    <figure
      className="trend"
      aria-label={`Open findings over ${amount(days.length, 'day')}: from ${first} to ${last}, ${directionOf(first, last)}`}
    >
      <div className="trend-axis quiet number" aria-hidden="true">
        {[end, end / 2, 0].map((tick) => (
          <span key={tick}>{tick.toLocaleString('en')}</span>
        ))}
      </div>
      <Bars days={days} end={end} first={first} />
      <figcaption>
        <span className="trend-days quiet number">
          <span>{days[0]?.day}</span>
          <span>{days.at(-1)?.day}</span>
        </span>
        <Legend days={days} first={first} last={last} />
      </figcaption>
    </figure>
  );
}

function totalOf({ counts }: Day): number {
  return SEVERITIES.reduce((sum, severity) => sum + (counts[severity] ?? 0), 0);
}

/** One stop for the tabulator key; the arrows, Home and End go from day to day. */
function Bars({
  days,
  end,
  first,
}: {
  readonly days: readonly Day[];
  readonly end: number;
  readonly first: number;
}) {
  const [chosen, setChosen] = useState(days.length - 1);
  const reachable = Math.min(chosen, days.length - 1);
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const to = { ArrowLeft: reachable - 1, ArrowRight: reachable + 1, Home: 0, End: days.length - 1 }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('a')[to]?.focus();
  };
  return (
    <div className="trend-bars">
      <div className="trend-first" style={{ bottom: `${(100 * first) / end}%` }} />
      {days.map((each, index) => (
        <Bar
          key={each.day}
          day={each}
          end={end}
          isLast={index === days.length - 1}
          isReachable={index === reachable}
          onFocus={() => setChosen(index)}
          onKeyDown={move}
        />
      ))}
    </div>
  );
}

function Bar({
  day: { day, counts },
  end,
  isLast,
  isReachable,
  onFocus,
  onKeyDown,
}: {
  readonly day: Day;
  readonly end: number;
  readonly isLast: boolean;
  readonly isReachable: boolean;
  readonly onFocus: () => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}) {
  const shown = SEVERITIES.filter((severity) => (counts[severity] ?? 0) > 0);
  const parts = shown.map((severity) => `${counts[severity]} ${severity}`).join(', ');
  const label = `${day}: ${amount(totalOf({ day, counts }), 'open finding')}${parts === '' ? '' : ` (${parts})`}`;
  return (
    <Tooltip label={label}>
      <Link
        to="/findings"
        search={(isLast ? {} : { asOf: endOfDay(day) }) as never}
        className="trend-day"
        aria-label={label}
        tabIndex={isReachable ? 0 : -1}
        onFocus={onFocus}
        onKeyDown={onKeyDown}
      >
        {shown.map((severity) => (
          <span
            key={severity}
            style={{
              height: `${(100 * (counts[severity] ?? 0)) / end}%`,
              background: `var(--${severity})`,
              opacity: severity === 'info' || severity === 'low' ? 0.45 : 0.85,
            }}
          />
        ))}
      </Link>
    </Tooltip>
  );
}

function Legend({
  days,
  first,
  last,
}: {
  readonly days: readonly Day[];
  readonly first: number;
  readonly last: number;
}) {
  const shown = SEVERITIES.filter((severity) => days.some(({ counts }) => (counts[severity] ?? 0) > 0));
  const direction = directionOf(first, last);
  const change = last - first;
  return (
    <span className="trend-legend">
      <span className="number" style={{ color: DIRECTION_COLORS[direction], fontWeight: 600 }}>
        {change > 0 ? '+' : ''}
        {change.toLocaleString('en')} since {days[0]?.day}: {direction}
      </span>
      {shown.map((severity) => (
        <SeverityMark key={severity} severity={severity} withName />
      ))}
      <span className="quiet">
        <span className="trend-dash" aria-hidden="true" /> as on the first day
      </span>
    </span>
  );
}
