import type { QueueItem } from '@bulwark/api';
import { withoutTurns } from '@bulwark/core';
import { Tooltip } from '@mantine/core';
import { Moment } from '../../parts/moment.tsx';
import { SeverityMark } from '../../parts/severity.tsx';
import { asWritten, Written } from '../../parts/written.tsx';
import { isTakeable } from './takeable.ts';
import { type Taking, whoIsOn } from './taking.ts';

/** One thing to do: what, why, whose, since when, who is on it, and what comes next. */
export function Row({
  item,
  taking,
  isOpen,
  onOpen,
}: {
  readonly item: QueueItem;
  readonly taking: Taking;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}) {
  const owners =
    item.owners.length === 0
      ? 'nobody'
      : item.owners.length === 1
        ? item.owners[0]
        : `${item.owners.length} teams`;
  const onIt = whoIsOn(item, taking.user);
  return (
    <li className="queue-item">
      <button type="button" className="queue-row" aria-current={isOpen} onClick={onOpen}>
        <SeverityMark severity={item.severity} />
        <span style={{ fontWeight: 600 }}>{item.title}</span>
        <Tooltip
          label={item.lines
            .map(({ label, points }) => `${points > 0 ? '+' : ''}${points} ${label}`)
            .join('\n')}
          multiline
          style={{ whiteSpace: 'pre' }}
        >
          <span className="number" style={{ textAlign: 'right' }}>
            {item.points}
          </span>
        </Tooltip>
        <span
          className="wide"
          title={withoutTurns(item.owners.join(', '))}
          style={{ color: item.owners.length === 0 ? 'var(--medium)' : undefined }}
        >
          {asWritten(owners)}
        </span>
        <span className="wide quiet">
          <Moment at={item.oldest} />
        </span>
        <span className="wide">{onIt.join(', ')}</span>
        <span />
        <span className="quiet" style={{ gridColumn: '2 / -1', fontSize: 13 }}>
          <span className="narrow">
            <Written>
              {item.owners.length === 0 ? 'Nobody owns it' : `Owned by ${item.owners.join(', ')}`}
            </Written>
            , open for <Moment at={item.oldest} />
            {onIt.length === 0 ? '' : `, with ${onIt.join(', ')} on it`}.
          </span>
          <Written>{item.reason}</Written> {item.reach}
          {item.why !== null && (
            <span style={{ display: 'block' }}>
              <span style={{ fontWeight: 600 }}>Why first:</span> {item.why}
            </span>
          )}
          {item.action !== '' && (
            <span style={{ display: 'block' }}>
              <span style={{ fontWeight: 600 }}>Next:</span> {item.action}
            </span>
          )}
        </span>
      </button>
      {onIt.length === 0 && taking.isAllowed && isTakeable(item, taking.user) && (
        // For the mouse; the keyboard takes the row with a.
        <button
          type="button"
          className="queue-take"
          tabIndex={-1}
          aria-label={`Take it: ${item.title}`}
          title="Assigns what nobody has of it to you (a)"
          disabled={taking.isPending}
          onClick={() => taking.toggle(item)}
        >
          Take it
        </button>
      )}
    </li>
  );
}
