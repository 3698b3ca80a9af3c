import type { ChannelItem } from '@bulwark/api';
import { Anchor, Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { hub } from '../../data/client.ts';
import { useHub } from '../../data/use-hub.ts';
import { Moment } from '../../parts/moment.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Table } from '../../parts/table.tsx';
import { TwoLines } from '../../parts/two-lines.tsx';
import { ChannelForm } from './channel-form.tsx';
import { Refusal } from './refusal.tsx';
import { Removal } from './removal.tsx';
import { Section } from './section.tsx';

const TYPES = { webhook: 'signed webhook', slack: 'Slack-compatible webhook', smtp: 'mail' } as const;

function placeOf(channel: ChannelItem): string {
  return channel.type === 'smtp' ? `${channel.to.join(', ')} by ${channel.host}` : channel.host;
}

/** The places that messages go to. */
export function Channels() {
  const found = useHub('listChannels', {});
  const { data } = found;
  const [open, setOpen] = useState<ChannelItem | 'new'>();
  const [caution, setCaution] = useState<string>();
  const notice = <Notice of={found} what="channels" />;
  if (data === undefined) return notice;
  return (
    <>
      <Section
        notice={notice}
        title="Channels"
        rows={1.5 * data.items.length}
        add={{ label: 'New channel', act: () => setOpen('new') }}
      >
        {data.items.length === 0 ? (
          <Text className="quiet">A channel is where messages go: a webhook, a chat, or mail.</Text>
        ) : (
          <Table
            label="Channels"
            lines={2}
            items={data.items}
            keyOf={({ id }) => String(id)}
            columns={[
              {
                id: 'name',
                title: 'Name, type',
                width: 210,
                cell: ({ name, type }) => (
                  <TwoLines first={name} second={TYPES[type]} title={`${name}, ${TYPES[type]}`} />
                ),
              },
              {
                id: 'place',
                title: 'Where, made by',
                cell: (channel) => {
                  const by = `made by ${channel.createdBy ?? 'somebody who is not known'}`;
                  const place = channel.isUsable
                    ? placeOf(channel)
                    : 'Its secrets cannot be read: change it and give them anew.';
                  return <TwoLines first={place} second={by} title={`${place}\n${by}`} />;
                },
              },
              { id: 'state', title: 'State', width: 290, cell: (channel) => <State channel={channel} /> },
              {
                id: 'test',
                title: 'Test',
                width: 190,
                cell: (channel) => (
                  <Test
                    channel={channel}
                    onCaution={(text) => setCaution(text === null ? undefined : `${channel.name}: ${text}`)}
                  />
                ),
              },
              {
                id: 'act',
                title: 'Act',
                width: 190,
                cell: (channel) => (
                  <Group gap="xs" wrap="nowrap">
                    <Button
                      size="compact-xs"
                      variant="default"
                      onClick={() => setOpen(channel)}
                      aria-label={`Change channel ${channel.name}`}
                    >
                      Change
                    </Button>
                    <Removal
                      what={`channel ${channel.name}`}
                      act={() => hub.call('deleteChannel', { params: { id: channel.id } })}
                    />
                  </Group>
                ),
              },
            ]}
          />
        )}
        {open !== undefined && (
          <ChannelForm known={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />
        )}
      </Section>
      {caution !== undefined && (
        <Text size="sm" role="status" c="var(--medium)">
          {caution}
        </Text>
      )}
    </>
  );
}

/** Whether it gets what it is sent; what it has not got leads to its messages. */
function State({ channel: { id, failing } }: { readonly channel: ChannelItem }) {
  if (failing === null) return 'ok';
  const { since, waiting, givenUp, answer } = failing;
  const counts = [waiting > 0 && `${waiting} to be tried again`, givenUp > 0 && `${givenUp} given up`].filter(
    (each) => each !== false,
  );
  const text = counts.join(', ');
  return (
    <TwoLines
      first={
        <>
          <span style={{ color: 'var(--high)' }}>
            failing for <Moment at={since} />:
          </span>{' '}
          <Anchor
            component={Link}
            to="/settings"
            search={{ by: 'notifications', open: String(id) } as never}
            size="sm"
            underline="always"
          >
            {text}
          </Anchor>
        </>
      }
      second={answer ?? ''}
      title={`${text}. ${answer ?? ''}`}
    />
  );
}

function Test({
  channel,
  onCaution,
}: {
  readonly channel: ChannelItem;
  readonly onCaution: (caution: string | null) => void;
}) {
  const queries = useQueryClient();
  const test = useMutation({
    meta: { called: `Test channel ${channel.name}` },
    mutationFn: () => hub.call('testChannel', { params: { id: channel.id } }),
    onSuccess: ({ caution }) => onCaution(caution),
    onSettled: () => queries.invalidateQueries({ queryKey: ['listDeliveries'] }),
  });
  return (
    <Group gap="sm" wrap="nowrap">
      <Button
        size="compact-xs"
        variant="default"
        style={{ flex: 'none' }}
        loading={test.isPending}
        onClick={() => test.mutate()}
        aria-label={`Test channel ${channel.name}`}
      >
        Test
      </Button>
      <Refusal error={test.error} />
      {test.data !== undefined && (
        <Text
          size="sm"
          role="status"
          truncate
          title={test.data.answer}
          c={test.data.status === 'sent' ? 'var(--good)' : 'var(--high)'}
        >
          {test.data.status}: {test.data.answer}
        </Text>
      )}
    </Group>
  );
}
