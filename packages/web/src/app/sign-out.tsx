import { HubError } from '@bulwark/api';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Cancel, Dialog } from '../parts/dialog.tsx';
import type { SigningOut } from './session.tsx';

/** As long as it usually takes at most: nothing is shown before. */
const USUAL_MS = 500;

/** Says that one is still signed in where the hub did not sign one out, or does not answer. */
export function SignOut({ signOut }: { readonly signOut: SigningOut }) {
  const { act, isOpen, ask, leave } = signOut;
  const { error, isPending, submittedAt } = act;
  const [isSlow] = useDebouncedValue(isPending, USUAL_MS);
  if (!isOpen || (error === null && !(isPending && isSlow))) return null;
  return (
    <Dialog title="Sign out" from={submittedAt} onClose={leave}>
      <Stack gap="md">
        <Text size="sm" role="alert" style={{ color: 'var(--medium)' }}>
          {isPending
            ? 'The hub has not answered yet: you are still signed in.'
            : error instanceof HubError
              ? 'The hub failed: you are still signed in.'
              : 'The hub does not answer: you may still be signed in.'}
        </Text>
        <Group justify="flex-end">
          <Cancel />
          <Button onClick={ask} loading={isPending}>
            Try again
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
