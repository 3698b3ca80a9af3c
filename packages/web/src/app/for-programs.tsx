import type { Role } from '@bulwark/api';
import { Button, Center, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { LeftLines } from '../parts/left-acts.tsx';
import { useSession, useSignOut } from './session.tsx';
import { SignOut } from './sign-out.tsx';

/** What the roles are for with which nobody sees anything. */
const USES: Partial<Readonly<Record<Role, ReactNode>>> = {
  ci: (
    <>
      Builds record with it what they have judged:{' '}
      <span className="mono" style={{ whiteSpace: 'nowrap' }}>
        bulwark scan --record
      </span>{' '}
      takes a token of this role.
    </>
  ),
  'audit-log': 'An API server delivers its audit log with it, by a token of this role.',
  metrics: 'Prometheus reads the metrics of the hub with it, by a token of this role.',
};

/** Shows what is in it to those who may see something; others are told what their role is for instead of empty lists. */
export function SightGate({ children }: { readonly children: ReactNode }) {
  const { permissions, role, user } = useSession();
  const signOut = useSignOut();
  if (permissions.includes('view')) return children;
  return (
    <main>
      <LeftLines />
      <Center mih="100vh">
        <Stack maw={480} gap="md" px="md" align="flex-start">
          <Title order={1}>The role {role} sees nothing here.</Title>
          <Text>{USES[role]}</Text>
          <Text>
            You are signed in as {user}. To see clusters and findings, ask an administrator for the role
            viewer, editor or admin.
          </Text>
          <Button variant="default" onClick={signOut.ask}>
            Sign out
          </Button>
          <SignOut signOut={signOut} />
        </Stack>
      </Center>
    </main>
  );
}
