import type { NotificationRoute } from '@bulwark/api';
import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { hub } from '../../data/client.ts';
import { useHub } from '../../data/use-hub.ts';
import { lengthOf } from '../../parts/age.ts';
import { Notice } from '../../parts/notice.tsx';
import { SeverityMark } from '../../parts/severity.tsx';
import { Table } from '../../parts/table.tsx';
import { Removal } from './removal.tsx';
import { RouteForm } from './route-form.tsx';
import { Section } from './section.tsx';
import { ownersText } from './told-owners.ts';

const MINUTE_MS = 60_000;

function isOfFindings({ about }: NotificationRoute): boolean {
  return about === 'findings';
}

function whenOf({ about, awayMinutes, digestMinutes }: NotificationRoute): string {
  if (about === 'operations') return `after ${lengthOf(awayMinutes * MINUTE_MS)}`;
  return digestMinutes === 0 ? 'at once' : `digest, ${lengthOf(digestMinutes * MINUTE_MS)}`;
}

function namespacesText(namespaces: NotificationRoute['namespaces']): string {
  return namespaces === 'all' ? namespaces : namespaces.join(', ');
}

/** Which findings are told where. */
export function Routes() {
  const found = useHub('listRoutes', {});
  const { data } = found;
  const channels = useHub('listChannels', {});
  const [open, setOpen] = useState<NotificationRoute | 'new'>();
  const notice = <Notice of={found} what="routes" />;
  if (data === undefined) return notice;
  return (
    <Section
      notice={notice}
      title="Routes"
      rows={data.items.length}
      add={{
        label: 'New route',
        act: () => setOpen('new'),
        disabled: (channels.data?.items ?? []).length === 0,
      }}
    >
      {data.items.length === 0 ? (
        <Text className="quiet">
          Nobody is told anything: a route says which findings go to which channel.
          {channels.data?.items.length === 0 && ' Make a channel before it.'}
        </Text>
      ) : (
        <Table
          label="Routes"
          items={data.items}
          keyOf={({ id }) => String(id)}
          columns={[
            {
              id: 'severity',
              title: 'From',
              width: 100,
              cell: ({ about, severity }) =>
                about === 'operations' ? 'operations' : <SeverityMark severity={severity} withName />,
            },
            {
              id: 'owners',
              title: 'Owners',
              cell: (route) => (isOfFindings(route) ? ownersText(route.owners) : ''),
            },
            {
              id: 'namespaces',
              title: 'Namespaces',
              cell: (route) => (isOfFindings(route) ? namespacesText(route.namespaces) : ''),
            },
            {
              id: 'channel',
              title: 'To',
              width: 200,
              cell: ({ channel, toContact }) =>
                toContact ? `owner's contact, else ${channel.name}` : channel.name,
            },
            {
              id: 'when',
              title: 'When',
              width: 130,
              cell: whenOf,
            },
            {
              id: 'resolved',
              title: 'Resolved',
              width: 90,
              cell: ({ about, tellsResolved }) =>
                about === 'operations' || tellsResolved ? 'told' : 'not told',
            },
            {
              id: 'act',
              title: 'Act',
              width: 190,
              cell: (route) => (
                <Group gap="xs" wrap="nowrap">
                  <Button
                    size="compact-xs"
                    variant="default"
                    onClick={() => setOpen(route)}
                    aria-label={`Change the route to ${route.channel.name}`}
                  >
                    Change
                  </Button>
                  <Removal
                    what={`the route to ${route.channel.name}`}
                    act={() => hub.call('deleteRoute', { params: { id: route.id } })}
                  />
                </Group>
              ),
            },
          ]}
        />
      )}
      {open !== undefined && (
        <RouteForm
          known={open === 'new' ? undefined : open}
          channels={channels.data?.items ?? []}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Section>
  );
}
