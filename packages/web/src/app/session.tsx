import { HubError, type Session } from '@bulwark/api';
import { Button, Center, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import {
  type QueryClient,
  type UseMutationResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { createContext, type FormEvent, type ReactNode, useContext, useEffect, useState } from 'react';
import { hub, isRefused, isSignedOut } from '../data/client.ts';
import { askSessionAgain, hearTabs, SESSION_KEY, takeSession, tellTabs } from '../data/shared-session.ts';
import { Failure, Loading } from '../parts/states.tsx';

const SessionContext = createContext<Session | undefined>(undefined);

/** Who is signed in. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('there is no session here');
  return session;
}

/** The one-time link carries its secret behind the #, where no server and no log sees it. */
function linkInAddress(): string | undefined {
  return /^#link=([\w-]+)$/.exec(location.hash)?.[1];
}

function takeLink(): string | undefined {
  const found = linkInAddress();
  if (found !== undefined) history.replaceState(null, '', location.pathname + location.search);
  return found;
}

/** The link that the page was opened with, until the hub has taken or refused it. */
let link = takeLink();

async function openSession(queries: QueryClient): Promise<Session> {
  const askSession = async () => takeSession(queries, await hub.call('getSession', {}));
  if (link === undefined) return askSession();
  try {
    const session = await hub.call('signIn', { body: { link } });
    link = undefined;
    tellTabs();
    return takeSession(queries, session);
  } catch (refusal) {
    if (!isRefused(refusal)) throw refusal;
    link = undefined;
    // Whoever is signed in stays so; all others are told of the link.
    return askSession().catch((error: unknown) => {
      throw isSignedOut(error) ? refusal : error;
    });
  }
}

/** Follows a link that is pasted into the address of a page that is open: the browser itself loads nothing then. */
function useLaterLink(): void {
  useEffect(() => {
    const follow = () => {
      if (linkInAddress() !== undefined) location.reload();
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
}

/** Notices that the session of the browser is another one by now: when another tab says so, and when this one is looked at. */
function useSharedSession(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const look = () => {
      if (!document.hidden) void askSessionAgain(queries);
    };
    const stop = hearTabs(look);
    addEventListener('visibilitychange', look);
    return () => {
      removeEventListener('visibilitychange', look);
      stop();
    };
  }, [queries]);
}

/** Shows what is in it to those who are signed in, and a form to all others. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  useLaterLink();
  useSharedSession();
  const session = useQuery({
    queryKey: SESSION_KEY,
    queryFn: ({ client }) => openSession(client),
    staleTime: Number.POSITIVE_INFINITY,
    // It is asked by `useSharedSession`: asked by itself it would take away what is typed into the form.
    refetchOnWindowFocus: false,
  });
  if (session.data !== undefined)
    return (
      // What somebody has open, has chosen or was writing is not for the next one.
      <SessionContext.Provider key={session.data.user} value={session.data}>
        {children}
      </SessionContext.Provider>
    );
  if (session.error !== null && !isSignedOut(session.error))
    return <Failure error={session.error} retry={() => void session.refetch()} isPage />;
  if (session.error !== null) return <SignIn hint={session.error} />;
  return <Loading what="the session" isPage />;
}

function SignIn({ hint }: { readonly hint: unknown }) {
  const queries = useQueryClient();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: () => hub.call('signIn', { body: { user, password } }),
    onSuccess: (session) => {
      queries.setQueryData(SESSION_KEY, takeSession(queries, session));
      tellTabs();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  const wasLink = hint instanceof HubError && hint.problem.code === 'bad-credentials';
  return (
    <Center component="main" h="100vh">
      <form onSubmit={submit}>
        <Stack w={320} gap="md">
          <Title order={1}>Bulwark</Title>
          <Text className="quiet" size="sm">
            {wasLink
              ? 'The link was used, or is older than a day. An administrator makes another one under Settings; without one, bulwark hub user link NAME does.'
              : 'Sign in with the link that the hub printed when it started, or with your name.'}
          </Text>
          <TextInput
            label="Name"
            autoComplete="username"
            required
            value={user}
            onChange={(event) => setUser(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={refusalOf(signIn.error)}
          />
          <Button type="submit" loading={signIn.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </Center>
  );
}

function refusalOf(error: unknown): string | undefined {
  if (error === null) return undefined;
  return error instanceof HubError ? error.problem.title : 'The hub does not answer.';
}

/** How one signs out, and what has become of it. */
export interface SigningOut {
  readonly act: UseMutationResult<void, unknown, void>;
  /** Whether somebody has asked for it and has not left it since. */
  readonly isOpen: boolean;
  /** Asks for it, unless that is under way. */
  readonly ask: () => void;
  readonly leave: () => void;
}

/** Signs out and forgets what was shown, once the hub says that it is done; who is signed out already is so. */
export function useSignOut(): SigningOut {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const act = useMutation<void, unknown, void>({
    mutationFn: () =>
      hub.call('signOut', {}).catch((error: unknown) => {
        if (!isSignedOut(error)) throw error;
      }),
    onSuccess: () => {
      tellTabs();
      queries.clear();
      location.assign('/');
    },
  });
  return {
    act,
    isOpen,
    ask: () => {
      setOpen(true);
      if (!act.isPending) act.mutate();
    },
    leave: () => setOpen(false),
  };
}
