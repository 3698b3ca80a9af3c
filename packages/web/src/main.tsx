import '@mantine/core/styles.css';
import './app/page.css';
import { MantineProvider } from '@mantine/core';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SightGate } from './app/for-programs.tsx';
import { router } from './app/router.tsx';
import { SessionGate } from './app/session.tsx';
import { theme } from './app/theme.ts';
import { isDatabaseAway, isForged, isRefused, isSignedOut } from './data/client.ts';
import { askSessionAgain, endSession, isOfSession } from './data/shared-session.ts';
import { LeftActs } from './parts/left-acts.tsx';

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, { queryKey, state }) => {
      // Who asks for the session at first may well be told that there is none.
      const isFirst = isOfSession(queryKey) && state.data === undefined;
      if (isSignedOut(error) && !isFirst) endSession(queries);
    },
  }),
  mutationCache: new MutationCache({
    onError: (error) => {
      if (isForged(error)) void askSessionAgain(queries);
    },
  }),
  defaultOptions: {
    // What the browser takes for offline may well reach a hub on the same machine, and what waits for the network would be done
    // after its dialog is gone.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 30_000,
      refetchOnWindowFocus: true,
      // For a database that is away the hub itself waits; once it is back all is asked again.
      retry: (failures, error) => !isRefused(error) && failures < (isDatabaseAway(error) ? 1 : 3),
      retryDelay: (attempt) => Math.min(5000, 500 * 2 ** attempt),
    },
  },
});

/** The nonce of this answer: styles made at run time need it (Content-Security-Policy). */
const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={queries}>
        <SessionGate>
          <LeftActs>
            <SightGate>
              <RouterProvider router={router} />
            </SightGate>
          </LeftActs>
        </SessionGate>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
