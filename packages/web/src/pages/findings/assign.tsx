import { Button, Group, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { useSession } from '../../app/session.tsx';
import { useHub } from '../../data/use-hub.ts';
import { amount } from '../../parts/amount.ts';
import { Cancel, Dialog } from '../../parts/dialog.tsx';
import { Refusal } from '../settings/refusal.tsx';
import { type Chosen, countOf, identityOf } from './chosen.ts';
import { LookAgain } from './look-again.tsx';
import { useTriage } from './use-triage.ts';

/** Gives what is chosen to anybody who can sign in. */
export function Assign({
  chosen,
  onClose,
  onDone,
  onAgain,
}: {
  readonly chosen: Chosen;
  readonly onClose: () => void;
  readonly onDone: () => void;
  /** Looks again at what the query finds. */
  readonly onAgain: () => void;
}) {
  const { user } = useSession();
  const { data, error } = useHub('listAssignees', {});
  const [name, setName] = useState<string | null>(user);
  const triage = useTriage(chosen);
  const onSuccess = () => {
    onDone();
    onClose();
  };
  const names = data?.items.map((each) => each.name) ?? [];
  return (
    <Dialog
      onClose={onClose}
      title={`Assign ${amount(countOf(chosen), 'finding')}`}
      about={identityOf(chosen)}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          triage.mutate({ assignee: name }, { onSuccess });
        }}
      >
        <Stack gap="md">
          <Select
            label="To"
            data-autofocus
            searchable
            openOnFocus={false}
            clearable
            placeholder="nobody"
            nothingFoundMessage="Nobody of that name can sign in."
            data={[...new Set([user, ...names])].map((value) => ({
              value,
              label: value === user ? `${value} (you)` : value,
            }))}
            value={name}
            onChange={setName}
          />
          <Refusal error={triage.error ?? error} />
          <Group justify="flex-end">
            <LookAgain act={triage} onAgain={onAgain} />
            <Cancel />
            <Button type="submit" loading={triage.isPending}>
              {name === null ? 'Assign to nobody' : 'Assign'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
