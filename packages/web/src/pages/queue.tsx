import type { QueueItem } from '@bulwark/api';
import { Group, Switch, Text, Title, Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import { useKeys } from '../app/use-keys.ts';
import { asked, useView } from '../app/use-view.ts';
import { useHubList } from '../data/use-hub.ts';
import { Moment } from '../parts/moment.tsx';
import { NothingSeen, useUnseen } from '../parts/nothing-seen.tsx';
import { QueryBar } from '../parts/query-bar.tsx';
import { SeverityMark } from '../parts/severity.tsx';
import { focusPanel } from '../parts/side-panel.tsx';
import { Failure, Loading, Message } from '../parts/states.tsx';
import { Trend } from '../parts/trend.tsx';
import { QueuePanel } from './queue/queue-panel.tsx';
import { type Taking, useTaking, whoIsOn } from './queue/taking.ts';
import { Refusal } from './settings/refusal.tsx';

/** What to do first: one row for each root cause, with the reason of its rank. */
export function Page() {
  const [view, setView] = useView();
  const isMine = view.mine === 'yes';
  const { result, items, first } = useHubList('getQueue', {
    ...asked(view),
    ...(isMine && { mine: 'true' }),
  });
  const unseen = useUnseen();
  const rows = useRef<HTMLDivElement>(null);
  const open = items.find(({ id }) => id === view.open);
  const taking = useTaking();
  const buttons = () => [...(rows.current?.querySelectorAll<HTMLElement>('button.queue-row') ?? [])];
  const focused = () => buttons().indexOf(document.activeElement as HTMLElement);
  const step = (by: number) => {
    const all = buttons();
    const at = focused();
    const from =
      at >= 0
        ? at + by
        : Math.max(
            0,
            items.findIndex(({ id }) => id === view.open),
          );
    const to = Math.max(0, Math.min(all.length - 1, from));
    all[to]?.focus();
    const item = items[to];
    if (view.open !== undefined && item !== undefined && item.id !== view.open) setView({ open: item.id });
  };
  const takeFocused = () => {
    const item = items[focused()] ?? open;
    if (item !== undefined && taking.isAllowed && !taking.isPending) taking.toggle(item);
  };
  useKeys({ j: () => step(1), k: () => step(-1), a: takeFocused });
  const query = (
    <div style={{ padding: '0 12px 8px' }}>
      <QueryBar
        list="findings"
        value={view.q ?? ''}
        onAsk={(q) => setView({ q, open: undefined })}
        error={result.error}
      />
    </div>
  );
  if (result.error !== null && first === undefined)
    return (
      <>
        <Failure error={result.error} retry={() => void result.refetch()} isPage />
        {query}
      </>
    );
  if (first === undefined) return <Loading what="the queue" isPage />;
  if (first.open === 0 && unseen !== undefined) return <NothingSeen unseen={unseen} isPage />;
  return (
    <div style={{ display: 'flex', minHeight: 0, flex: 1 }}>
      <div style={{ flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column' }}>
        <Summary queue={first}>
          <Switch
            size="xs"
            label="Mine only"
            checked={isMine}
            onChange={(event) => setView({ mine: event.currentTarget.checked ? 'yes' : undefined })}
            styles={{ root: { flex: 'none' } }}
          />
        </Summary>
        {query}
        {open === undefined && taking.error !== null && (
          <div style={{ padding: '0 12px 8px' }}>
            <Refusal error={taking.error} />
          </div>
        )}
        <div ref={rows} className="scroll queue" style={{ flex: 1, borderTop: '1px solid var(--line)' }}>
          {items.length === 0 ? <Empty isMine={isMine} isAsked={view.q !== undefined} /> : <Heads />}
          <ul className="queue-list">
            {items.map((item) => (
              <Row
                key={item.id}
                item={item}
                taking={taking}
                isOpen={item.id === view.open}
                onOpen={() => {
                  if (item.id !== view.open || !focusPanel()) setView({ open: item.id });
                }}
              />
            ))}
          </ul>
        </div>
      </div>
      {open !== undefined && (
        <QueuePanel item={open} taking={taking} onClose={() => setView({ open: undefined })} />
      )}
    </div>
  );
}

function Heads() {
  return (
    <div className="queue-row queue-head" aria-hidden="true">
      <span>Sev</span>
      <span>What to do first, and why</span>
      <span style={{ textAlign: 'right' }}>Points</span>
      <span className="wide">Owner</span>
      <span className="wide">Age</span>
      <span className="wide">On it</span>
    </div>
  );
}

function Empty({ isMine, isAsked }: { readonly isMine: boolean; readonly isAsked: boolean }) {
  if (isMine)
    return (
      <Message title="Nobody has given you anything to do.">Turn off "Mine only" to see everything.</Message>
    );
  if (isAsked) return <Message title="Nothing fits the query.">Take away a part of it to see more.</Message>;
  return (
    <Message title="Nothing is open.">
      That is good where everything was seen. <Link to="/coverage">Coverage</Link> says what was not.
    </Message>
  );
}

interface Queue {
  readonly open: number;
  readonly yesterday: number | null;
  readonly opened: number;
  readonly resolved: number;
  readonly trend: readonly { readonly day: string; readonly counts: Readonly<Record<string, number>> }[];
}

function Summary({ queue, children }: { readonly queue: Queue; readonly children: ReactNode }) {
  const [{ asOf }] = useView();
  const dayBefore = asOf === undefined ? 'yesterday' : 'the day before';
  const { open, yesterday, opened, resolved, trend } = queue;
  const change = yesterday === null ? undefined : open - yesterday;
  const isBetter = change !== undefined && change <= 0;
  return (
    <Group px="md" pt="md" pb="xs" gap="xl" wrap="nowrap" align="flex-end">
      <div>
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
          {change === undefined
            ? 'nothing to compare with yet'
            : `${change > 0 ? '+' : ''}${change.toLocaleString('en')} since ${dayBefore}: ${opened} new, ${resolved} resolved`}
        </Text>
        {asOf !== undefined && (
          <Text size="xs" className="quiet" maw={260}>
            Ranked by what was found: who reaches what is known of now alone, and so is who is on it.
          </Text>
        )}
      </div>
      <div style={{ flex: 1, minWidth: 0 }}>
        <Trend days={trend} />
      </div>
      {children}
    </Group>
  );
}

function Row({
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
          style={{
            color: item.owners.length === 0 ? 'var(--medium)' : undefined,
            overflow: 'hidden',
            textOverflow: 'ellipsis',
            whiteSpace: 'nowrap',
          }}
        >
          {owners}
        </span>
        <span className="wide quiet">
          <Moment at={item.oldest} />
        </span>
        <span
          className="wide"
          style={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}
          title={onIt.join(', ')}
        >
          {onIt.join(', ')}
        </span>
        <span />
        <span className="quiet" style={{ gridColumn: '2 / -1', fontSize: 13 }}>
          {item.reason} {item.reach}
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
      {onIt.length === 0 && taking.isAllowed && (
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
