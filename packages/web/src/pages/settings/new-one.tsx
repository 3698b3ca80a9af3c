import { Button, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Dialog } from '../../parts/dialog.tsx';
import { LIMIT_FIELDS, LimitFields, useLimits } from './limit-fields.tsx';
import { EVERYTHING, type Limits, type Role } from './limits.ts';
import { Refusal, refusalAt } from './refusal.tsx';
import { ShownOnce } from './shown-once.tsx';

interface Asked<R extends Role> {
  readonly name: string;
  readonly role: R;
  readonly limits: Limits;
  readonly days: number;
}

interface Made {
  readonly secret: string;
  readonly hint: string;
  /** What is said where one has left before it could be shown: how to get another one. */
  readonly unseen: string;
}

/** Makes a user or a token, and shows once what has to be passed on. */
export function NewOne<R extends Role>({
  title,
  roles,
  withDays = false,
  create,
  onClose,
}: {
  readonly title: string;
  /** The roles that it can have, the one that does least first. */
  readonly roles: readonly [R, ...R[]];
  readonly withDays?: boolean;
  readonly create: (asked: Asked<R>) => Promise<Made>;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<R>(roles[0]);
  const [days, setDays] = useState(90);
  const { limits, isReady, given } = useLimits(EVERYTHING);
  const made = useMutation({
    mutationFn: () => create({ name, role, limits: given, days }),
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
        <ShownOnce hint={made.data.hint} secret={made.data.secret} />
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
            data-autofocus
            error={refusalAt(made.error, 'name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label="Role"
            data={[...roles]}
            value={role}
            allowDeselect={false}
            error={refusalAt(made.error, 'role')}
            onChange={(value) => setRole((value ?? role) as R)}
          />
          <LimitFields role={role} limits={limits} error={made.error} />
          {withDays && (
            <NumberInput
              label="Days until it ends"
              error={refusalAt(made.error, 'days')}
              min={1}
              max={366}
              value={days}
              onChange={(value) => setDays(Number(value))}
            />
          )}
          <Refusal error={made.error} at={['name', 'role', 'days', ...LIMIT_FIELDS]} />
          <Button type="submit" loading={made.isPending} disabled={!isReady}>
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
