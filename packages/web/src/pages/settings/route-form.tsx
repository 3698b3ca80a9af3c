import type { ChannelItem, NotificationRoute } from '@bulwark/api';
import { SEVERITIES, type Severity } from '@bulwark/core';
import { Button, Checkbox, NumberInput, Select, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { hub } from '../../data/client.ts';
import { lengthOf } from '../../parts/age.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { NamespaceChoice } from './namespace-choice.tsx';
import { OwnerChoice } from './owner-choice.tsx';
import { Refusal, refusalAt } from './refusal.tsx';
import { chosenOf, ownersOf } from './told-owners.ts';

const MINUTE_MS = 60_000;
const DIGESTS = [0, 60, 4 * 60, 24 * 60, 7 * 24 * 60];

type Entered = ReturnType<typeof startOf>;

/** What the form shows at first. */
function startOf(known: NotificationRoute | undefined, channels: readonly ChannelItem[]) {
  const route = known ?? NEW;
  return {
    channel: known?.channel.id ?? channels[0]?.id ?? 0,
    about: route.about,
    awayMinutes: route.awayMinutes,
    severity: route.severity,
    owners: chosenOf(route.owners),
    namespaces: route.namespaces === 'all' ? [] : route.namespaces,
    digestMinutes: route.digestMinutes,
    tellsResolved: route.tellsResolved,
    toContact: route.toContact,
  };
}

const NEW: Omit<NotificationRoute, 'id' | 'channel' | 'createdAt'> = {
  about: 'findings',
  awayMinutes: 5,
  severity: 'high',
  owners: 'all',
  namespaces: 'all',
  digestMinutes: 0,
  tellsResolved: true,
  toContact: false,
};

/** What was entered, for the hub. */
function bodyOf(entered: Entered) {
  const { namespaces } = entered;
  return {
    ...entered,
    toContact: entered.about === 'findings' && entered.toContact,
    owners: ownersOf(entered.owners),
    namespaces: namespaces.length === 0 ? ('all' as const) : namespaces,
  };
}

/** Makes or changes a route. */
export function RouteForm({
  known,
  channels,
  onClose,
}: {
  readonly known: NotificationRoute | undefined;
  readonly channels: readonly ChannelItem[];
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const [entered, setEntered] = useState(() => startOf(known, channels));
  const set = (change: Partial<Entered>) => setEntered((before) => ({ ...before, ...change }));
  const save = useMutation({
    mutationFn: () => {
      const body = bodyOf(entered);
      return known === undefined
        ? hub.call('createRoute', { body })
        : hub.call('updateRoute', { params: { id: known.id }, body });
    },
    onSuccess: () => queries.invalidateQueries(),
  });
  const channel = channels.find(({ id }) => id === entered.channel);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined, { onSuccess: onClose });
  };
  return (
    <Dialog
      onClose={onClose}
      title={known === undefined ? 'New route' : `Route to ${known.channel.name}`}
      about={known?.id}
    >
      <form onSubmit={submit}>
        <Stack>
          <Select
            label="Channel"
            data={channels.map(({ id, name }) => ({ value: String(id), label: name }))}
            value={String(entered.channel)}
            allowDeselect={false}
            onChange={(value) => set({ channel: Number(value) })}
          />
          <Select
            label="About"
            data={[
              { value: 'findings', label: 'Findings' },
              { value: 'operations', label: 'Operations: a cluster is away or back, less is seen' },
            ]}
            value={entered.about}
            allowDeselect={false}
            onChange={(value) => set({ about: (value ?? 'findings') as Entered['about'] })}
          />
          {entered.about === 'operations' ? (
            <NumberInput
              label="After minutes"
              description="How long a cluster is away, or a gap in coverage is there, before that is told"
              min={1}
              max={7 * 24 * 60}
              value={entered.awayMinutes}
              onChange={(minutes) => set({ awayMinutes: Number(minutes) })}
            />
          ) : (
            <FindingFields entered={entered} set={set} channel={channel} error={save.error} />
          )}
          <Refusal error={save.error} at={['namespaces']} />
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}

/** What going to the contacts of owners means for a channel. */
function contactsText(channel: ChannelItem | undefined): string {
  switch (channel?.type) {
    case 'smtp':
      return channel.contactDomains.length === 0
        ? 'This channel allows no domain yet, so that all goes to its own readers.'
        : `Mail goes to contacts at ${channel.contactDomains.join(', ')}, else to the readers of the channel.`;
    case 'webhook':
      return 'A signed webhook is told the contacts, and decides itself.';
    case 'slack':
      return channel.mayKeepToChannel
        ? 'The webhook of a Slack app puts everything into the channel that it was made for, whatever the contact is; messages say whom they are for. To reach several channels, add a webhook and a route for each.'
        : 'It is asked to put messages into the channel of the contact, such as #storefront.';
    case undefined:
      return '';
  }
}

function FindingFields({
  entered,
  set,
  channel,
  error,
}: {
  readonly entered: Entered;
  readonly set: (change: Partial<Entered>) => void;
  readonly channel: ChannelItem | undefined;
  /** Why the hub refused. */
  readonly error: unknown;
}) {
  return (
    <>
      <Select
        label="From severity"
        data={[...SEVERITIES]}
        value={entered.severity}
        allowDeselect={false}
        onChange={(value) => set({ severity: (value ?? 'high') as Severity })}
      />
      <OwnerChoice value={entered.owners} onChange={(owners) => set({ owners })} />
      <NamespaceChoice
        value={entered.namespaces}
        clusters="all"
        onChange={(namespaces) => set({ namespaces })}
        error={refusalAt(error, 'namespaces')}
      />
      <Select
        label="When"
        data={[...new Set([...DIGESTS, entered.digestMinutes])].map((minutes) => ({
          value: String(minutes),
          label:
            minutes === 0
              ? 'At once, by cause and owner'
              : `A digest, ${lengthOf(minutes * MINUTE_MS)} after the first`,
        }))}
        value={String(entered.digestMinutes)}
        allowDeselect={false}
        onChange={(value) => set({ digestMinutes: Number(value) })}
      />
      <Checkbox
        label="To the owner's contact, else to the channel"
        description={contactsText(channel)}
        checked={entered.toContact}
        onChange={(event) => set({ toContact: event.currentTarget.checked })}
      />
      <Checkbox
        label="Tell what is resolved, too"
        checked={entered.tellsResolved}
        onChange={(event) => set({ tellsResolved: event.currentTarget.checked })}
      />
    </>
  );
}
