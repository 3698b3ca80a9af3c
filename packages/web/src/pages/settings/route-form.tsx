import type { ChannelItem, NotificationRoute } from '@bulwark/api';
import { SEVERITIES, type Severity } from '@bulwark/core';
import { Button, Checkbox, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { hub } from '../../data/client.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { lengthOf } from '../../parts/moment.tsx';
import { Refusal } from './refusal.tsx';

const NOBODY = 'none';
const MINUTE_MS = 60_000;
const DIGESTS = [0, 60, 4 * 60, 24 * 60, 7 * 24 * 60];

/** Names as people enter them; empty for all. */
export function withNames(names: NotificationRoute['owners']): string {
  return names === 'all' ? '' : names.map((name) => name ?? NOBODY).join(', ');
}

function namesOf(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** What the form shows at first. */
function startOf(known: NotificationRoute | undefined, channels: readonly ChannelItem[]) {
  const {
    severity = 'high',
    owners = 'all',
    namespaces = 'all',
    digestMinutes = 0,
    tellsResolved = true,
  } = known ?? {};
  return {
    channel: known?.channel.id ?? channels[0]?.id ?? 0,
    severity,
    owners: withNames(owners),
    namespaces: withNames(namespaces),
    digestMinutes,
    tellsResolved,
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
  const start = startOf(known, channels);
  const [channel, setChannel] = useState(start.channel);
  const [severity, setSeverity] = useState<Severity>(start.severity);
  const [owners, setOwners] = useState(start.owners);
  const [namespaces, setNamespaces] = useState(start.namespaces);
  const [digestMinutes, setDigestMinutes] = useState(start.digestMinutes);
  const [tellsResolved, setTellsResolved] = useState(start.tellsResolved);
  const save = useMutation({
    mutationFn: () => {
      const chosenOwners = namesOf(owners).map((name) => (name === NOBODY ? null : name));
      const chosenNamespaces = namesOf(namespaces);
      const body = {
        channel,
        severity,
        owners: chosenOwners.length === 0 ? ('all' as const) : chosenOwners,
        namespaces: chosenNamespaces.length === 0 ? ('all' as const) : chosenNamespaces,
        digestMinutes,
        tellsResolved,
      };
      return known === undefined
        ? hub.call('createRoute', { body })
        : hub.call('updateRoute', { params: { id: known.id }, body });
    },
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog onClose={onClose} title={known === undefined ? 'New route' : `Route to ${known.channel.name}`}>
      <form onSubmit={submit}>
        <Stack>
          <Select
            label="Channel"
            data={channels.map(({ id, name }) => ({ value: String(id), label: name }))}
            value={String(channel)}
            allowDeselect={false}
            onChange={(value) => setChannel(Number(value))}
          />
          <Select
            label="From severity"
            data={[...SEVERITIES]}
            value={severity}
            allowDeselect={false}
            onChange={(value) => setSeverity((value ?? 'high') as Severity)}
          />
          <TextInput
            label="Owners"
            description={`Names with commas between them, * for any text, ${NOBODY} for what nobody owns; empty for all`}
            value={owners}
            onChange={(event) => setOwners(event.currentTarget.value)}
          />
          <TextInput
            label="Namespaces"
            description="Names with commas between them, * for any text; empty for all"
            value={namespaces}
            onChange={(event) => setNamespaces(event.currentTarget.value)}
          />
          <Select
            label="When"
            data={[...new Set([...DIGESTS, digestMinutes])].map((minutes) => ({
              value: String(minutes),
              label:
                minutes === 0
                  ? 'At once, by cause and owner'
                  : `A digest, ${lengthOf(minutes * MINUTE_MS)} after the first`,
            }))}
            value={String(digestMinutes)}
            allowDeselect={false}
            onChange={(value) => setDigestMinutes(Number(value))}
          />
          <Checkbox
            label="Tell what is resolved, too"
            checked={tellsResolved}
            onChange={(event) => setTellsResolved(event.currentTarget.checked)}
          />
          <Refusal error={save.error} />
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
