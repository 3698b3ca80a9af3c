import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Connection } from '../data/live/connection.ts';
import { useHub } from '../data/use-hub.ts';
import { lengthOf, timeOf } from '../parts/moment.tsx';
import { useView } from './use-view.ts';

/** How much was seen and judged, over the clusters that are looked at, and whether that is still so; never better than it is. */
export function Seen({ connection }: { readonly connection: Connection }) {
  const { words, isGood } = useSeen();
  const lost = connection.kind === 'lost' ? `not connected since ${timeOf(connection.since)}` : undefined;
  return (
    <>
      <Button
        component={Link}
        to="/coverage"
        size="compact-sm"
        variant="default"
        className="number"
        leftSection={lost === undefined ? undefined : <Unplugged />}
        style={{
          color: lost !== undefined ? 'var(--high)' : isGood ? 'var(--good)' : 'var(--medium)',
          flex: 'none',
        }}
      >
        {lost ?? words}
      </Button>
      <span className="spoken" role="status" aria-label="Connection">
        {lost === undefined ? '' : `The hub is ${lost}. What is on the page may be old.`}
      </span>
    </>
  );
}

function useSeen(): { readonly words: string; readonly isGood: boolean } {
  const { data, error } = useHub('listClusters', {});
  const [view] = useView();
  const clusters = (data?.items ?? []).filter(({ id }) => view.cluster === undefined || id === view.cluster);
  const stale = clusters.filter(({ state }) => state === 'stale' || state === 'gone');
  const percents = clusters.flatMap(({ seen }) => (seen === null ? [] : [seen.percent]));
  const least =
    percents.length === clusters.length && percents.length > 0 ? Math.min(...percents) : undefined;
  let words = clusters.some(({ state }) => state === 'live') ? 'nothing was seen' : 'nothing seen yet';
  if (error !== null) words = 'the hub does not answer';
  else if (stale[0] !== undefined)
    words = `stale: ${stale[0].name} last seen ${stale[0].lastSeen === null ? 'never' : `${lengthOf(Date.now() - Date.parse(stale[0].lastSeen))} ago`}`;
  else if (clusters.some(({ state }) => state === 'syncing')) words = 'first look under way';
  else if (least !== undefined) words = `${least.toFixed(1)} % seen`;
  return {
    // Of the past it is not kept how much was seen.
    words: view.asOf === undefined ? words : `now: ${words}`,
    isGood: error === null && clusters.every(({ state }) => state === 'live') && least === 100,
  };
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
