import { Button, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Dialog } from '../../parts/dialog.tsx';
import { Refusal } from './refusal.tsx';
import { ShownOnce } from './shown-once.tsx';

export const ROLES = ['viewer', 'editor', 'admin', 'ci', 'audit-log', 'metrics'] as const;

interface Asked {
  readonly name: string;
  readonly role: (typeof ROLES)[number];
  readonly days: number;
}

/** Makes a user or a token, and shows once what has to be passed on. */
export function NewOne({
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
        <ShownOnce {...made.data} />
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
          <Refusal error={made.error} />
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
