import { SEVERITIES } from '@bulwark/core';
import { Tooltip } from '@mantine/core';
import { amount } from './amount.ts';

interface Day {
  readonly day: string;
  readonly counts: Readonly<Record<string, number>>;
}

const HEIGHT = 44;
/** Wider bars say no more, px. */
const WIDEST = 720;

/** Open findings by day as small bars, the worst at the bottom; the first day's height is drawn through as what to get below. */
export function Trend({ days }: { readonly days: readonly Day[] }) {
  const totals = days.map(({ counts }) =>
    SEVERITIES.reduce((sum, severity) => sum + (counts[severity] ?? 0), 0),
  );
  const most = Math.max(1, ...totals);
  const [first = 0] = totals;
  const last = totals.at(-1) ?? 0;
  if (days.length < 2)
    return (
      <div className="quiet" style={{ fontSize: 13 }}>
        The trend begins with the second day.
      </div>
    );
  return (
    <figure
      style={{
        margin: 0,
        position: 'relative',
        height: HEIGHT,
        maxWidth: WIDEST,
        display: 'flex',
        gap: 2,
        alignItems: 'flex-end',
      }}
      aria-label={`Open findings over ${amount(days.length, 'day')}: from ${first} to ${last}, which is ${last <= first ? 'better' : 'worse'}`}
    >
      <div
        style={{
          position: 'absolute',
          left: 0,
          right: 0,
          bottom: (first / most) * HEIGHT,
          borderTop: '1px dashed var(--quiet)',
        }}
      />
      {days.map(({ day, counts }, index) => (
        <Tooltip key={day} label={`${day}: ${totals[index]} open`}>
          <div style={{ flex: 1, display: 'flex', flexDirection: 'column-reverse', minWidth: 2 }}>
            {SEVERITIES.filter((severity) => (counts[severity] ?? 0) > 0).map((severity) => (
              <div
                key={severity}
                style={{
                  height: ((counts[severity] ?? 0) / most) * HEIGHT,
                  background: `var(--${severity})`,
                  opacity: severity === 'info' || severity === 'low' ? 0.45 : 0.85,
                }}
              />
            ))}
          </div>
        </Tooltip>
      ))}
    </figure>
  );
}
