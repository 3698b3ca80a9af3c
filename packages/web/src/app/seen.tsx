import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { isDatabaseAway, isRefused } from '../data/client.ts';
import type { Connection } from '../data/live/connection.ts';
import { useHub } from '../data/use-hub.ts';
import { lengthOf } from '../parts/age.ts';
import { timeOf } from '../parts/moment.tsx';
import { type HowMuchSeen, howMuchSeen } from './how-much-seen.ts';
import { useView } from './use-view.ts';

/** How much was seen and judged, over the clusters that are looked at, and whether that is still so; never better than it is. */
export function Seen({ connection }: { readonly connection: Connection }) {
  const { words, isGood } = useSeen();
  const lost = connection.kind === 'lost' ? lossOf(connection) : undefined;
  return (
    <div className="header-seen">
      <Button
        component={Link}
        to="/coverage"
        size="compact-sm"
        variant="default"
        className="number"
        leftSection={lost === undefined ? undefined : <Unplugged />}
        style={{
          color: lost !== undefined ? 'var(--high)' : isGood ? 'var(--good)' : 'var(--medium)',
          maxWidth: '100%',
        }}
        title={lost?.sentence ?? words}
      >
        <span className="header-words">{lost?.words ?? words}</span>
      </Button>
      <span className="spoken" role="status" aria-label="Connection">
        {lost?.sentence}
      </span>
    </div>
  );
}

/** What is not heard of any more, in a few words and in sentences. */
function lossOf({ what, since }: Extract<Connection, { kind: 'lost' }>) {
  const at = timeOf(since);
  return what === 'hub'
    ? {
        words: `not connected since ${at}`,
        sentence: `The hub is not connected since ${at}. What is on the page may be old.`,
      }
    : {
        words: `database away since ${at}`,
        sentence: `The database does not answer since ${at}. What is on the page may be old.`,
      };
}

function useSeen(): HowMuchSeen {
  const { data, error } = useHub('listClusters', {});
  const [view] = useView();
  if (isRefused(error)) return { words: 'not shown to you', isGood: false };
  if (isDatabaseAway(error)) return { words: 'the database does not answer', isGood: false };
  if (error !== null) return { words: 'the hub does not answer', isGood: false };
  const clusters = (data?.items ?? []).filter(({ id }) => view.cluster === undefined || id === view.cluster);
  const { words, isGood } = howMuchSeen(
    clusters,
    (moment) => `${lengthOf(Date.now() - Date.parse(moment))} ago`,
  );
  // Of the past it is not kept how much was seen.
  return { words: view.asOf === undefined ? words : `now: ${words}`, isGood };
}

/** A plug that is out of its socket: not by colour alone. */
function Unplugged() {
  return (
    <svg
      width="14"
      height="14"
      viewBox="0 0 16 16"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
    >
      <path d="M2 14l3-3M4.5 7.5l4 4-1.5 1.5a2.8 2.8 0 0 1-4-4zM11.5 8.5l-4-4L9 3a2.8 2.8 0 0 1 4 4zM14 2l-1 1" />
    </svg>
  );
}
