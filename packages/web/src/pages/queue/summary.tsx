import type { Moved } from '@bulwark/api';
import { Group, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { placeOf, useView } from '../../app/use-view.ts';
import { amount } from '../../parts/amount.ts';
import { Trend } from '../../parts/trend.tsx';
import { QueryLink } from './query-link.tsx';

interface Queue {
  readonly open: number;
  readonly deferred: { readonly findings: number; readonly query: string | null } | null;
  readonly yesterday: number | null;
  readonly moved: Moved | null;
  readonly trend: readonly { readonly day: string; readonly counts: Readonly<Record<string, number>> }[];
}

function wasOrIs(count: number, asOf: string | undefined): string {
  if (asOf !== undefined) return count === 1 ? 'was' : 'were';
  return count === 1 ? 'is' : 'are';
}

const ACCEPTED = { came: 'no longer accepted', went: 'accepted' } as const;

/** How many findings came or went, the list of them, and how many of them by an exception that ended or began. */
function Moves({ move, moved }: { readonly move: 'came' | 'went'; readonly moved: Moved }) {
  const [view] = useView();
  const count = moved[move];
  const accepted = move === 'came' ? moved.noLongerAccepted : moved.accepted;
  const text = `${count.toLocaleString('en')} ${move}`;
  if (count === 0) return text;
  return (
    <>
      <Link
        to="/changes"
        search={{ ...placeOf(view), from: moved.since, by: 'findings', move } as never}
        className="in-text"
      >
        {text}
      </Link>
      {accepted > 0 && ` (${accepted.toLocaleString('en')} ${ACCEPTED[move]})`}
    </>
  );
}

/** How much is open, whether that is better than before, and the way to get there. */
export function Summary({ queue, children }: { readonly queue: Queue; readonly children: ReactNode }) {
  const [view] = useView();
  const { asOf } = view;
  const dayBefore = asOf === undefined ? 'yesterday' : 'the day before';
  const { open, deferred, yesterday, moved, trend } = queue;
  const change = yesterday === null ? undefined : open - yesterday;
  const isBetter = change !== undefined && change <= 0;
  return (
    <Group
      px="md"
      pt="md"
      pb="sm"
      align="flex-end"
      style={{ gap: 'var(--mantine-spacing-sm) var(--mantine-spacing-xl)' }}
    >
      <div style={{ flex: 'none' }}>
        <Title order={1} className="number">
          {open.toLocaleString('en')} open
        </Title>
        <Text
          size="sm"
          className="number"
          style={{
            color: change === undefined ? undefined : isBetter ? 'var(--good)' : 'var(--high)',
            whiteSpace: 'nowrap',
          }}
        >
          {change === undefined || moved === null ? (
            'nothing to compare with yet'
          ) : (
            <>
              {change > 0 ? '+' : ''}
              {change.toLocaleString('en')} since {dayBefore}: <Moves move="came" moved={moved} />,{' '}
              <Moves move="went" moved={moved} />
            </>
          )}
        </Text>
        {deferred !== null && (
          <Text size="xs" className="quiet">
            <QueryLink q={deferred.query}>
              {amount(deferred.findings, 'finding')} {wasOrIs(deferred.findings, asOf)} deferred
            </QueryLink>{' '}
            and not in the list.
          </Text>
        )}
        {asOf !== undefined && (
          <Text size="xs" className="quiet" maw={260}>
            Ranked by what was found: who reaches what is known of now alone.
          </Text>
        )}
      </div>
      <div style={{ flex: '1 1 320px', minWidth: 0 }}>
        <Trend days={trend} />
      </div>
      {children}
    </Group>
  );
}
