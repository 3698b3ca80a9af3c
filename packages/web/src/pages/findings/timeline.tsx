import type { TimelineEvent } from '@bulwark/api';
import { withoutTurns } from '@bulwark/core';
import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { userName } from '../../parts/actor.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Written } from '../../parts/written.tsx';

/** Whether something is good or bad news; the others are neither. */
const NEWS: Readonly<Partial<Record<TimelineEvent['what'], 'good' | 'bad'>>> = {
  opened: 'bad',
  'opened again': 'bad',
  resolved: 'good',
  accepted: 'good',
  'no longer accepted': 'bad',
  'exception refused': 'bad',
};

/** What happened to a finding, newest first: by which change and whom, and what people decided. */
export function Timeline({
  cluster,
  events,
}: {
  readonly cluster: number;
  readonly events: readonly TimelineEvent[];
}) {
  return (
    <ol className="timeline">
      {events.map(({ at, what, by, change, text, until }) => (
        <li key={`${at} ${what} ${text ?? ''}`} data-news={NEWS[what]}>
          <span className="quiet">
            <Moment at={at} />
          </span>
          <span>
            <Written>{what === 'triage' ? (text ?? '') : what}</Written>
            {until !== null && ` until ${new Date(until).toLocaleDateString()}`}
            {by !== null && (
              <span className="quiet" title={withoutTurns(by)}>
                {' '}
                by <Written>{userName(by)}</Written>
              </span>
            )}
            {change !== null && (
              <>
                {' '}
                <Anchor
                  component={Link}
                  to="/changes"
                  search={{ cluster, open: `${cluster}/${change}` } as never}
                  size="sm"
                  underline="always"
                >
                  change
                </Anchor>
              </>
            )}
            {text !== null && what !== 'triage' && (
              <span className="timeline-text">
                <Written>{text}</Written>
              </span>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
