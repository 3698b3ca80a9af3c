import {
  ActionIcon,
  AppShell,
  Badge,
  Burger,
  type MantineColorScheme,
  Menu,
  Select,
  Text,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { AskedAgain } from '../data/live/asked-again.ts';
import { useLive } from '../data/live/use-live.ts';
import { SESSION_KEY } from '../data/shared-session.ts';
import { useClusters } from '../data/use-clusters.ts';
import { LeftLines } from '../parts/left-acts.tsx';
import { AsOf } from '../parts/moment.tsx';
import { Clock } from './clock.tsx';
import { HeaderQuery } from './header-query.tsx';
import { HelpKeys } from './help-keys.tsx';
import { useAllPages } from './loaded-page.tsx';
import { NamespaceChoice } from './namespace-choice.tsx';
import { PAGES } from './pages.ts';
import { PasswordDialog } from './password.tsx';
import { Seen } from './seen.tsx';
import { useSession, useSignOut } from './session.tsx';
import { SignOut } from './sign-out.tsx';
import { useKeptFocus } from './use-kept-focus.ts';
import { useTitle } from './use-title.ts';
import { useView } from './use-view.ts';

/** What is around every page: where one is, how much was seen, as of when, and the way to everything else. */
export function Shell() {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const [view] = useView();
  useAllPages();
  useTitle();
  useKeptFocus();
  const connection = useLive(useQueryClient(), useSession().user);
  return (
    <AppShell
      header={{ height: { base: 84, lg: 48 } }}
      navbar={{ width: 168, breakpoint: 'md', collapsed: { mobile: !isOpen } }}
      padding={0}
    >
      <a className="skip" href="#main">
        Skip to content
      </a>
      <AppShell.Header
        className="header"
        style={view.asOf === undefined ? undefined : { background: 'var(--past)' }}
      >
        <Burger opened={isOpen} onClick={toggle} hiddenFrom="md" size="sm" aria-label="Navigation" />
        <Text fw={700} component={Link} to="/" c="inherit" td="none">
          bulwark
        </Text>
        <DemoMark />
        <div className="header-asked">
          <ClusterChoice />
          <NamespaceChoice />
          <div className="header-query">
            <HeaderQuery />
          </div>
        </div>
        <Seen connection={connection} />
        <Clock until={connection.kind === 'lost' ? connection.since : undefined} />
        <HelpKeys />
        <UserMenu />
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label="Pages">
        {PAGES.filter(({ isHidden }) => isHidden !== true).map(({ path, title }) => (
          <Link
            key={path}
            to={path}
            className="nav-link"
            activeOptions={{ exact: path === '/', includeSearch: false }}
            onClick={close}
            search={{} as never}
          >
            {title}
          </Link>
        ))}
      </AppShell.Navbar>
      <AppShell.Main
        id="main"
        tabIndex={-1}
        style={{ height: '100vh', display: 'flex', flexDirection: 'column' }}
      >
        <AskedAgain.Provider value={connection.kind === 'lost'}>
          <LeftLines />
          <AsOf at={view.asOf}>
            <Outlet />
          </AsOf>
        </AskedAgain.Provider>
      </AppShell.Main>
    </AppShell>
  );
}

const ALL = 'all';

/** Which cluster is looked at; all of them where none is chosen. With one alone there is nothing to choose. */
function ClusterChoice() {
  const clusters = useClusters();
  const [view, setView] = useView();
  const isOfObject = useParams({ strict: false, select: (params) => 'cluster' in params });
  const navigate = useNavigate();
  const [only] = clusters;
  const choose = (cluster: number | undefined) =>
    // The page of one object is of one cluster: with another it makes no sense.
    isOfObject
      ? void navigate({ to: '/workloads', search: { cluster } as never })
      : setView({ cluster, open: undefined });
  // One that was removed, or that an address of others names, stays until another one is chosen.
  const isGone =
    clusters.length > 0 && view.cluster !== undefined && clusters.every(({ id }) => id !== view.cluster);
  if (clusters.length < 2 && !isGone)
    return (
      <Text size="sm" className="quiet" truncate maw={150} title={only?.name}>
        {only?.name}
      </Text>
    );
  return (
    <Select
      size="xs"
      w={150}
      aria-label="Cluster"
      allowDeselect={false}
      data={[
        ...(isGone ? [{ value: String(view.cluster), label: 'not there any more' }] : []),
        { value: ALL, label: clusters.length === 1 ? 'All there is' : `All ${clusters.length} clusters` },
        ...clusters.map(({ id, name, state }) => ({
          value: String(id),
          label: state === 'live' ? name : `${name} (${state})`,
        })),
      ]}
      value={view.cluster === undefined ? ALL : String(view.cluster)}
      onChange={(value) => choose(value === ALL || value === null ? undefined : Number(value))}
    />
  );
}

/** Says of all that is shown that it is made up. */
function DemoMark() {
  const { isDemo } = useSession();
  if (!isDemo) return null;
  return (
    <Badge variant="outline" color="grape" radius="sm" tt="none" style={{ flex: 'none' }}>
      Demonstration
      <Text span inherit visibleFrom="xl">
        : nothing here is real
      </Text>
    </Badge>
  );
}

function UserMenu() {
  const session = useSession();
  const { user, role, version, hasPassword } = session;
  const queries = useQueryClient();
  const [isChoosing, setChoosing] = useState(false);
  const signOut = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" radius="xl" size="md" aria-label={`Signed in as ${user}`}>
            {user.slice(0, 1).toUpperCase()}
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            {user}, {role}
          </Menu.Label>
          <Menu.RadioGroup
            value={colorScheme}
            onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
            aria-label="Colours"
          >
            <Menu.RadioItem value="light">Light</Menu.RadioItem>
            <Menu.RadioItem value="dark">Dark</Menu.RadioItem>
            <Menu.RadioItem value="auto">As the system</Menu.RadioItem>
          </Menu.RadioGroup>
          <Menu.Divider />
          <Menu.Item component="a" href="/api/docs">
            API
          </Menu.Item>
          <Menu.Item onClick={() => setChoosing(true)}>
            {hasPassword ? 'Change your password' : 'Choose a password'}
          </Menu.Item>
          <Menu.Item onClick={signOut.ask}>Sign out</Menu.Item>
          <Menu.Label>Bulwark {version}</Menu.Label>
        </Menu.Dropdown>
      </Menu>
      <SignOut signOut={signOut} />
      {isChoosing && (
        <PasswordDialog
          hasPassword={hasPassword}
          onClose={() => setChoosing(false)}
          onDone={() => queries.setQueryData(SESSION_KEY, { ...session, hasPassword: true })}
        />
      )}
    </>
  );
}
