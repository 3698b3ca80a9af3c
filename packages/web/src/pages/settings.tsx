import { HubError } from '@bulwark/api';
import { Button, Code, Group, NumberInput, Select, Stack, Tabs, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useSession } from '../app/session.tsx';
import { hub } from '../data/client.ts';
import { useHub, useHubList } from '../data/use-hub.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Moment } from '../parts/moment.tsx';
import { Failure, Loading, Message } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';

const ROLES = ['viewer', 'editor', 'admin', 'ci'] as const;

/** Users, tokens, the hub's own audit log, and how it is. */
export function Page() {
  const { permissions } = useSession();
  if (!permissions.includes('administer'))
    return (
      <Message title="Only administrators see the settings.">Ask one of them for what you need.</Message>
    );
  return (
    <Tabs
      defaultValue="health"
      style={{ flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column' }}
      keepMounted={false}
    >
      <Title order={1} px="md" pt="md">
        Settings
      </Title>
      <Tabs.List px="md">
        <Tabs.Tab value="health">Health</Tabs.Tab>
        <Tabs.Tab value="users">Users</Tabs.Tab>
        <Tabs.Tab value="tokens">API tokens</Tabs.Tab>
        <Tabs.Tab value="audit">Audit log</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="health" p="md">
        <Health />
      </Tabs.Panel>
      <Tabs.Panel value="users" p="md" style={{ flex: 1, minHeight: 0 }}>
        <Users />
      </Tabs.Panel>
      <Tabs.Panel value="tokens" p="md" style={{ flex: 1, minHeight: 0 }}>
        <Tokens />
      </Tabs.Panel>
      <Tabs.Panel value="audit" p="md" style={{ flex: 1, minHeight: 0 }}>
        <Audit />
      </Tabs.Panel>
    </Tabs>
  );
}

function Health() {
  const { data, error, refetch } = useHub('health', {});
  if (data === undefined)
    return error === null ? (
      <Loading what="health" />
    ) : (
      <Failure error={error} retry={() => void refetch()} />
    );
  return (
    <Stack gap="xs">
      {data.checks.map(({ name, status, detail }) => (
        <Group key={name} gap="md">
          <Text w={160} fw={600}>
            {name}
          </Text>
          <Text w={90} style={{ color: status === 'ok' ? 'var(--good)' : 'var(--high)' }}>
            {status}
          </Text>
          <Text className="quiet">{detail}</Text>
        </Group>
      ))}
    </Stack>
  );
}

function Users() {
  const { data, error, refetch } = useHub('listUsers', {});
  const [isNew, setNew] = useState(false);
  if (data === undefined)
    return error === null ? <Loading what="users" /> : <Failure error={error} retry={() => void refetch()} />;
  return (
    <>
      <Button size="xs" mb="sm" onClick={() => setNew(true)}>
        New user
      </Button>
      <Table
        label="Users"
        items={data.items}
        keyOf={({ id }) => String(id)}
        columns={[
          { id: 'name', title: 'Name', cell: ({ name }) => name },
          { id: 'role', title: 'Role', width: 90, cell: ({ role }) => role },
          {
            id: 'seen',
            title: 'Last seen',
            width: 100,
            cell: ({ lastSeen }) => (lastSeen === null ? 'never' : <Moment at={lastSeen} />),
          },
          { id: 'locked', title: 'Act', width: 90, cell: ({ isLocked }) => (isLocked ? 'locked' : '') },
          {
            id: 'act',
            title: 'Act',
            width: 100,
            cell: ({ id, name }) => (
              <Removal what={`user ${name}`} act={() => hub.call('deleteUser', { params: { id } })} />
            ),
          },
        ]}
      />
      {isNew && (
        <NewOne
          title="New user"
          onClose={() => setNew(false)}
          create={async ({ name, role }) => {
            const { link } = await hub.call('createUser', { body: { name, role } });
            return { secret: link, hint: 'Give them this link. It works once, for a day.' };
          }}
        />
      )}
    </>
  );
}

function Tokens() {
  const { data, error, refetch } = useHub('listTokens', {});
  const [isNew, setNew] = useState(false);
  if (data === undefined)
    return error === null ? (
      <Loading what="tokens" />
    ) : (
      <Failure error={error} retry={() => void refetch()} />
    );
  return (
    <>
      <Button size="xs" mb="sm" onClick={() => setNew(true)}>
        New token
      </Button>
      <Table
        label="API tokens"
        items={data.items}
        keyOf={({ id }) => String(id)}
        columns={[
          { id: 'name', title: 'Name', cell: ({ name }) => name },
          { id: 'role', title: 'Role', width: 90, cell: ({ role }) => role },
          { id: 'owner', title: 'Made by', width: 120, cell: ({ owner }) => owner },
          {
            id: 'used',
            title: 'Last used',
            width: 100,
            cell: ({ lastUsed }) => (lastUsed === null ? 'never' : <Moment at={lastUsed} />),
          },
          { id: 'expires', title: 'Ends', width: 120, cell: ({ expires }) => expires.slice(0, 10) },
          {
            id: 'act',
            title: 'Act',
            width: 100,
            cell: ({ id, name }) => (
              <Removal what={`token ${name}`} act={() => hub.call('revokeToken', { params: { id } })} />
            ),
          },
        ]}
      />
      {isNew && (
        <NewOne
          title="New API token"
          withDays
          onClose={() => setNew(false)}
          create={async ({ name, role, days }) => {
            const { secret } = await hub.call('createToken', { body: { name, role, days } });
            return { secret, hint: 'Keep it now: it is shown only once.' };
          }}
        />
      )}
    </>
  );
}

interface Asked {
  readonly name: string;
  readonly role: (typeof ROLES)[number];
  readonly days: number;
}

function NewOne({
  title,
  withDays = false,
  create,
  onClose,
}: {
  readonly title: string;
  readonly withDays?: boolean;
  readonly create: (asked: Asked) => Promise<{ secret: string; hint: string }>;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Asked['role']>('viewer');
  const [days, setDays] = useState(90);
  const made = useMutation({
    mutationFn: () => create({ name, role, days }),
    onSuccess: () => queries.invalidateQueries(),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    made.mutate();
  };
  let content: ReactNode;
  if (made.data !== undefined)
    content = (
      <Stack>
        <Text size="sm">{made.data.hint}</Text>
        <Code block>{made.data.secret}</Code>
        <Button onClick={onClose}>Done</Button>
      </Stack>
    );
  else
    content = (
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            required
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label="Role"
            data={[...ROLES]}
            value={role}
            allowDeselect={false}
            onChange={(value) => setRole((value ?? 'viewer') as Asked['role'])}
          />
          {withDays && (
            <NumberInput
              label="Days"
              min={1}
              max={366}
              value={days}
              onChange={(value) => setDays(Number(value))}
            />
          )}
          {made.error !== null && (
            <Text size="sm" role="alert" c="var(--high)">
              {made.error instanceof HubError ? made.error.problem.title : 'The hub does not answer.'}
            </Text>
          )}
          <Button type="submit" loading={made.isPending}>
            Make it
          </Button>
        </Stack>
      </form>
    );
  return (
    <Dialog onClose={onClose} title={title}>
      {content}
    </Dialog>
  );
}

function Removal({ what, act }: { readonly what: string; readonly act: () => Promise<unknown> }) {
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const remove = useMutation({ mutationFn: act, onSettled: () => queries.invalidateQueries() });
  if (!isAsking)
    return (
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => setAsking(true)}
        aria-label={`Remove ${what}`}
      >
        Remove
      </Button>
    );
  return (
    <Button
      size="compact-xs"
      color="red"
      onClick={() => remove.mutate()}
      onBlur={() => setAsking(false)}
      aria-label={`Really remove ${what}`}
    >
      Really?
    </Button>
  );
}

function Audit() {
  const { result, items } = useHubList('listAudit', {});
  if (result.isPending) return <Loading what="the audit log" />;
  if (result.error !== null && items.length === 0)
    return <Failure error={result.error} retry={() => void result.refetch()} />;
  if (items.length === 0) return <Message title="Nobody has changed anything yet." />;
  return (
    <Table
      label="Audit log"
      items={items}
      keyOf={({ id }) => String(id)}
      onEnd={result.hasNextPage && !result.isFetchingNextPage ? () => void result.fetchNextPage() : undefined}
      columns={[
        { id: 'at', title: 'When', width: 80, cell: ({ at }) => <Moment at={at} /> },
        { id: 'actor', title: 'Who', width: 160, cell: ({ actor }) => actor },
        { id: 'action', title: 'What', width: 200, cell: ({ action }) => action },
        { id: 'subject', title: 'On', cell: ({ subject }) => subject },
        { id: 'outcome', title: 'Outcome', width: 90, cell: ({ outcome }) => outcome },
        { id: 'address', title: 'From', width: 140, cell: ({ address }) => address },
      ]}
    />
  );
}
