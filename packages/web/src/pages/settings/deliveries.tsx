import type { DeliveryItem } from '@bulwark/api';
import { withoutTurns } from '@bulwark/core';
import { Button, Group, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useView } from '../../app/use-view.ts';
import { useHub, useHubList } from '../../data/use-hub.ts';
import { CutList } from '../../parts/cut-list.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ListExport } from '../../parts/export-menu.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Notice } from '../../parts/notice.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { asWritten, Written } from '../../parts/written.tsx';
import { Section } from './section.tsx';

const COLOURS: Readonly<Record<DeliveryItem['state'], string>> = {
  gathering: 'inherit',
  waiting: 'var(--medium)',
  sending: 'inherit',
  sent: 'var(--good)',
  failed: 'var(--high)',
};

function contentOf({ title, state, findings }: DeliveryItem): string {
  return title ?? (state === 'gathering' ? `gathers: ${findings} so far` : `not made yet: ${findings}`);
}

const COLUMNS: readonly Column<DeliveryItem>[] = [
  { id: 'at', title: 'Age', width: 70, cell: ({ at }) => <Moment at={at} /> },
  {
    id: 'state',
    title: 'State',
    width: 90,
    cell: ({ state }) => (
      <Text span size="sm" c={COLOURS[state]}>
        {state}
      </Text>
    ),
  },
  {
    id: 'channel',
    title: 'To',
    width: 240,
    cell: ({ channel, recipient }) => (
      <span title={withoutTurns(recipient ?? channel.name)}>
        <Written>{channel.name}</Written>
        {recipient !== null && (
          <span className="quiet">
            , <Written>{recipient}</Written>
          </span>
        )}
      </span>
    ),
  },
  { id: 'title', title: 'Message', cell: contentOf },
  { id: 'attempts', title: 'Attempts', width: 90, isNumber: true, cell: ({ attempts }) => attempts },
  {
    id: 'answer',
    title: 'Answer',
    width: 220,
    cell: ({ answer }) => <span title={withoutTurns(answer ?? '')}>{asWritten(answer)}</span>,
  },
];

/** Messages on their way, and what became of the others; those of one channel where the address names it as what is open. */
export function Deliveries() {
  const [{ open }, setView] = useView();
  const channel = /^[1-9]\d{0,8}$/.test(open ?? '') ? open : undefined;
  const query = { ...(channel !== undefined && { channel }) };
  const { result, answer, items, onEnd } = useHubList('listDeliveries', query);
  const [opened, setOpened] = useState<number>();
  const place = useRef<HTMLDivElement>(null);
  const isThere = answer.data !== undefined;
  useEffect(() => {
    if (channel !== undefined && isThere) place.current?.scrollIntoView({ block: 'nearest' });
  }, [channel, isThere]);
  const notice = <Notice of={answer} what="messages" />;
  if (answer.data === undefined) return notice;
  const delivery = items.find(({ id }) => id === opened);
  return (
    <div ref={place}>
      <Section
        title="Messages"
        notice={notice}
        rows={items.length}
        actions={
          <>
            <ListExport list="listDeliveries" query={query} />
            {channel !== undefined && (
              <OfChannel id={Number(channel)} onAll={() => setView({ open: undefined })} />
            )}
          </>
        }
      >
        <CutList result={result} />
        {items.length === 0 ? (
          <Text className="quiet">No message was sent yet.</Text>
        ) : (
          <Table
            label="Messages"
            items={items}
            keyOf={({ id }) => String(id)}
            columns={COLUMNS}
            onOpen={({ id }) => setOpened(id)}
            onEnd={onEnd}
          />
        )}
        {delivery !== undefined && <Delivery delivery={delivery} onClose={() => setOpened(undefined)} />}
      </Section>
    </div>
  );
}

/** Said of a list that is of one channel alone, with the way to all. */
function OfChannel({ id, onAll }: { readonly id: number; readonly onAll: () => void }) {
  const channels = useHub('listChannels', {}).data?.items;
  const name = channels?.find((channel) => channel.id === id)?.name;
  return (
    <Group gap="sm">
      <Text size="sm">
        {name !== undefined ? (
          <>
            Those of channel <Written>{name}</Written> alone.
          </>
        ) : (
          'Those of one channel alone.'
        )}
      </Text>
      <Button size="xs" variant="default" onClick={onAll}>
        Messages of all channels
      </Button>
    </Group>
  );
}

/** A message in full: a row has no room for a long answer. */
function Delivery({ delivery, onClose }: { readonly delivery: DeliveryItem; readonly onClose: () => void }) {
  const { at, state, channel, recipient, attempts, answer } = delivery;
  return (
    <Dialog title="Message" onClose={onClose} size="lg">
      <Facts
        facts={[
          ['Since', at],
          ['State', state],
          ['To', recipient === null ? channel.name : `${channel.name}, ${recipient}`],
          ['Message', contentOf(delivery)],
          ['Attempts', attempts],
          ['Answer', answer ?? 'none yet'],
        ]}
      />
    </Dialog>
  );
}
