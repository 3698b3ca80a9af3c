import type { ChannelChange, ChannelItem, NewChannel } from '@bulwark/api';
import { Button, Checkbox, NumberInput, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { hub } from '../../data/client.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Refusal } from './refusal.tsx';

const TYPES = [
  { value: 'webhook', label: 'Signed webhook' },
  { value: 'slack', label: 'Slack-compatible webhook' },
  { value: 'smtp', label: 'Mail' },
] as const;
const KEEP = 'Set. Leave it empty to keep it.';

interface Entered {
  readonly type: ChannelItem['type'];
  readonly name: string;
  readonly url: string;
  readonly signingKey: string;
  readonly host: string;
  readonly port: number;
  readonly implicitTls: boolean;
  readonly from: string;
  readonly to: string;
  readonly contactDomains: string;
  readonly user: string;
  readonly password: string;
}

const EMPTY: Entered = {
  type: 'webhook',
  name: '',
  url: '',
  signingKey: '',
  host: '',
  port: 587,
  implicitTls: false,
  from: '',
  to: '',
  contactDomains: '',
  user: '',
  password: '',
};

function enteredOf(known: ChannelItem | undefined): Entered {
  if (known === undefined) return EMPTY;
  const { type, name } = known;
  if (known.type !== 'smtp') return { ...EMPTY, type, name };
  const { host, port, implicitTls, from, to, user } = known;
  const lists = { to: to.join(', '), contactDomains: known.contactDomains.join(', ') };
  return { ...EMPTY, ...lists, type, name, host, port, implicitTls, from, user: user ?? '' };
}

function partsOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((part) => part !== '');
}

/** What was entered, for the hub; secrets that are empty are left out. */
function bodyOf({ type, name, ...entered }: Entered): ChannelChange {
  const url = entered.url === '' ? {} : { url: entered.url };
  const signingKey = entered.signingKey === '' ? {} : { signingKey: entered.signingKey };
  switch (type) {
    case 'webhook':
      return { type, name, ...url, ...signingKey };
    case 'slack':
      return { type, name, ...url };
    case 'smtp': {
      const { host, port, implicitTls, from, user, password } = entered;
      const lists = { to: partsOf(entered.to), contactDomains: partsOf(entered.contactDomains) };
      const mail = { type, name, host, port, implicitTls, from, ...lists };
      return { ...mail, ...(user !== '' && { user }), ...(password !== '' && { password }) };
    }
  }
}

/** Makes or changes a channel. */
export function ChannelForm({
  known,
  onClose,
}: {
  readonly known: ChannelItem | undefined;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const [entered, setEntered] = useState(() => enteredOf(known));
  const save = useMutation({
    mutationFn: () => {
      const body = bodyOf(entered);
      return known === undefined
        ? hub.call('createChannel', { body: body as NewChannel })
        : hub.call('updateChannel', { params: { id: known.id }, body });
    },
    onSuccess: () => queries.invalidateQueries(),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined, { onSuccess: onClose });
  };
  const set = (change: Partial<Entered>) => setEntered({ ...entered, ...change });
  const fields = { entered, set, isNew: known === undefined };
  return (
    <Dialog onClose={onClose} title={known === undefined ? 'New channel' : `Channel ${known.name}`}>
      <form onSubmit={submit} autoComplete="off">
        <Stack>
          <Select
            label="Type"
            data={TYPES}
            value={entered.type}
            allowDeselect={false}
            disabled={known !== undefined}
            onChange={(type) => set({ type: (type ?? 'webhook') as Entered['type'] })}
          />
          <TextInput
            label="Name"
            required
            value={entered.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          {entered.type === 'smtp' ? <MailFields {...fields} /> : <HookFields {...fields} />}
          <Refusal error={save.error} />
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  readonly entered: Entered;
  readonly set: (change: Partial<Entered>) => void;
  readonly isNew: boolean;
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function HookFields({ entered, set, isNew }: FieldsProps) {
  return (
    <>
      <TextInput
        label="Address"
        type="url"
        description="Whoever knows it can send there, so it is never shown again."
        placeholder={isNew ? 'https://' : KEEP}
        required={isNew}
        value={entered.url}
        onChange={(event) => set({ url: event.currentTarget.value })}
      />
      {entered.type === 'webhook' && (
        <>
          <TextInput
            label="Signing key"
            description="The receiver checks X-Bulwark-Signature with it. Copy it now: it is never shown again."
            placeholder={isNew ? undefined : KEEP}
            required={isNew}
            minLength={16}
            value={entered.signingKey}
            onChange={(event) => set({ signingKey: event.currentTarget.value })}
          />
          <Button variant="default" size="xs" onClick={() => set({ signingKey: newKey() })}>
            Make a key
          </Button>
        </>
      )}
    </>
  );
}

function MailFields({ entered, set, isNew }: FieldsProps) {
  return (
    <>
      <TextInput
        label="Server"
        required
        value={entered.host}
        onChange={(event) => set({ host: event.currentTarget.value })}
      />
      <NumberInput
        label="Port"
        min={1}
        max={65_535}
        value={entered.port}
        onChange={(port) => set({ port: Number(port) })}
      />
      <Checkbox
        label="TLS from the start, as on port 465; otherwise STARTTLS"
        checked={entered.implicitTls}
        onChange={(event) => set({ implicitTls: event.currentTarget.checked })}
      />
      <TextInput
        label="From"
        type="email"
        required
        value={entered.from}
        onChange={(event) => set({ from: event.currentTarget.value })}
      />
      <TextInput
        label="To"
        description="Addresses with commas between them"
        required
        value={entered.to}
        onChange={(event) => set({ to: event.currentTarget.value })}
      />
      <TextInput
        label="Domains of contacts"
        description="Where a route goes to the contacts of owners, mail goes to these domains only: contacts are written by whoever deploys. Empty for none."
        value={entered.contactDomains}
        onChange={(event) => set({ contactDomains: event.currentTarget.value })}
      />
      <TextInput
        label="User"
        description="Where the server wants one"
        value={entered.user}
        onChange={(event) => set({ user: event.currentTarget.value })}
      />
      <PasswordInput
        label="Password"
        placeholder={isNew ? undefined : KEEP}
        autoComplete="new-password"
        value={entered.password}
        onChange={(event) => set({ password: event.currentTarget.value })}
      />
    </>
  );
}
