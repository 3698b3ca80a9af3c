import { Stack, Tabs, Text, Title } from '@mantine/core';
import { useSession } from '../app/session.tsx';
import { useView } from '../app/use-view.ts';
import { AsOf } from '../parts/moment.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Message } from '../parts/states.tsx';
import { Audit } from './settings/audit.tsx';
import { Clusters } from './settings/clusters.tsx';
import { Health } from './settings/health.tsx';
import { Jobs } from './settings/jobs.tsx';
import { Notifications } from './settings/notifications.tsx';
import { Owners } from './settings/owners.tsx';
import { Tokens } from './settings/tokens.tsx';
import { Users } from './settings/users.tsx';

const SECTIONS = ['health', 'clusters', 'owners', 'users', 'tokens', 'notifications', 'audit'];

/** Clusters, owners, users, tokens, who is told what, the hub's own audit log, and how it is. */
export function Page() {
  const { permissions, role } = useSession();
  const [view, setView] = useView();
  if (!permissions.includes('administer'))
    return (
      <Message title="Only administrators see the settings." isPage>
        {role === 'admin'
          ? 'You are limited to some clusters or namespaces, and who has limits administers nothing.'
          : 'Ask one of them for what you need.'}
      </Message>
    );
  return (
    <AsOf at={undefined}>
      <Tabs
        value={SECTIONS.find((section) => section === view.by) ?? 'health'}
        onChange={(by) => setView({ by: by ?? undefined, open: undefined })}
        style={{ flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column' }}
        keepMounted={false}
      >
        <Title order={1} px="md" pt="md" pb="xs">
          Settings
        </Title>
        {view.asOf !== undefined && (
          <Text size="sm" px="md" pb="xs" style={{ color: 'var(--medium)' }}>
            This is as of now: the clock sets inventory and findings alone.
          </Text>
        )}
        <Tabs.List px="md">
          <Tabs.Tab value="health">Health</Tabs.Tab>
          <Tabs.Tab value="clusters">Clusters</Tabs.Tab>
          <Tabs.Tab value="owners">Owners</Tabs.Tab>
          <Tabs.Tab value="users">Users</Tabs.Tab>
          <Tabs.Tab value="tokens">API tokens</Tabs.Tab>
          <Tabs.Tab value="notifications">Notifications</Tabs.Tab>
          <Tabs.Tab value="audit">Audit log</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="health" style={{ flex: 1, minHeight: 0 }}>
          <Scroll label="Health" style={{ height: '100%', padding: 'var(--mantine-spacing-md)' }}>
            <Stack gap="xl">
              <Health />
              <Jobs />
            </Stack>
          </Scroll>
        </Tabs.Panel>
        <Tabs.Panel value="clusters" p="md" style={{ flex: 1, minHeight: 0 }}>
          <Clusters />
        </Tabs.Panel>
        <Tabs.Panel value="owners" p="md" style={{ flex: 1, minHeight: 0 }}>
          <Owners />
        </Tabs.Panel>
        <Tabs.Panel value="users" p="md" style={{ flex: 1, minHeight: 0 }}>
          <Users />
        </Tabs.Panel>
        <Tabs.Panel value="tokens" p="md" style={{ flex: 1, minHeight: 0 }}>
          <Tokens />
        </Tabs.Panel>
        <Tabs.Panel value="notifications" p="md" style={{ flex: 1, minHeight: 0, overflow: 'auto' }}>
          <Notifications />
        </Tabs.Panel>
        <Tabs.Panel value="audit" p="md" style={{ flex: 1, minHeight: 0 }}>
          <Audit />
        </Tabs.Panel>
      </Tabs>
    </AsOf>
  );
}
