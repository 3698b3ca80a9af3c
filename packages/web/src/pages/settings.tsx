import { Tabs, Title } from '@mantine/core';
import { useSession } from '../app/session.tsx';
import { Message } from '../parts/states.tsx';
import { Audit } from './settings/audit.tsx';
import { Health } from './settings/health.tsx';
import { Notifications } from './settings/notifications.tsx';
import { Tokens } from './settings/tokens.tsx';
import { Users } from './settings/users.tsx';

/** Users, tokens, who is told what, the hub's own audit log, and how it is. */
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
        <Tabs.Tab value="notifications">Notifications</Tabs.Tab>
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
      <Tabs.Panel value="notifications" p="md" style={{ flex: 1, minHeight: 0, overflow: 'auto' }}>
        <Notifications />
      </Tabs.Panel>
      <Tabs.Panel value="audit" p="md" style={{ flex: 1, minHeight: 0 }}>
        <Audit />
      </Tabs.Panel>
    </Tabs>
  );
}
