import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { hub } from '../data/client.ts';
import { Refusal, refusalAt } from '../pages/settings/refusal.tsx';
import { Dialog } from '../parts/dialog.tsx';

const SHORTEST = 12;

/** Chooses a password, with which one signs in without a link. */
export function PasswordDialog({
  hasPassword,
  onClose,
  onDone,
}: {
  readonly hasPassword: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const isSame = password === again;
  const change = useMutation({
    mutationFn: () => hub.call('changePassword', { body: { password, ...(hasPassword && { current }) } }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isSame) change.mutate();
  };
  return (
    <Dialog onClose={onClose} title={hasPassword ? 'Change your password' : 'Choose a password'}>
      {change.isSuccess ? (
        <Stack>
          <Text size="sm" role="status">
            It is set. Your other sessions have ended.
          </Text>
          <Button onClick={onClose}>Done</Button>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {hasPassword && (
              <PasswordInput
                label="Password until now"
                required
                data-autofocus
                autoComplete="current-password"
                value={current}
                onChange={(event) => setCurrent(event.currentTarget.value)}
              />
            )}
            <PasswordInput
              label="New password"
              description={`At least ${SHORTEST} characters.`}
              required
              minLength={SHORTEST}
              data-autofocus={!hasPassword}
              autoComplete="new-password"
              error={refusalAt(change.error, 'password')}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <PasswordInput
              label="The same again"
              required
              autoComplete="new-password"
              error={again !== '' && !isSame ? 'It is another one.' : undefined}
              value={again}
              onChange={(event) => setAgain(event.currentTarget.value)}
            />
            <Refusal error={change.error} at={['password']} />
            <Button type="submit" loading={change.isPending} disabled={!isSame || password.length < SHORTEST}>
              Set it
            </Button>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
