import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { amount } from '../../parts/amount.ts';
import { Cancel, Dialog } from '../../parts/dialog.tsx';
import { Refusal } from '../settings/refusal.tsx';
import { type Chosen, countOf, identityOf } from './chosen.ts';
import { LookAgain } from './look-again.tsx';
import { useTriage } from './use-triage.ts';

const DAY = 86_400_000;

/** The day that is so many days from now, as a field of days takes it. */
function dayIn(days: number): string {
  const date = new Date(Date.now() + days * DAY);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Puts off what is chosen until the morning of any day. */
export function Defer({
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
  const [day, setDay] = useState(dayIn(7));
  const triage = useTriage(chosen);
  const onSuccess = () => {
    onDone();
    onClose();
  };
  return (
    <Dialog
      onClose={onClose}
      title={`Defer ${amount(countOf(chosen), 'finding')}`}
      about={identityOf(chosen)}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          triage.mutate({ deferredUntil: new Date(`${day}T00:00`).toISOString() }, { onSuccess });
        }}
      >
        <Stack gap="md">
          <TextInput
            type="date"
            label="Until"
            description="From that day on it is to be done again"
            required
            data-autofocus
            min={dayIn(1)}
            value={day}
            onChange={(event) => setDay(event.currentTarget.value)}
          />
          <Group gap="xs">
            {[1, 7, 30, 90].map((days) => (
              <Button key={days} size="compact-sm" variant="default" onClick={() => setDay(dayIn(days))}>
                {days === 1 ? 'tomorrow' : `in ${days} days`}
              </Button>
            ))}
          </Group>
          <Refusal error={triage.error} />
          <Group justify="flex-end">
            <LookAgain act={triage} onAgain={onAgain} />
            <Cancel />
            <Button type="submit" loading={triage.isPending}>
              Defer
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
