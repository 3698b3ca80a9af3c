import { Button, Popover } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Refusal } from './refusal.tsx';

/** Removes something, after asking once. A refusal opens on the button, which stays: a cell is too narrow for a sentence. */
export function Removal({
  what,
  act,
  onDone,
}: {
  readonly what: string;
  readonly act: () => Promise<unknown>;
  /** What is done then, if it is still shown. */
  readonly onDone?: () => void;
}) {
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const key = ['remove', what];
  const remove = useMutation({
    mutationKey: key,
    meta: { called: `Remove ${what}` },
    mutationFn: act,
    onError: () => setAsking(false),
    onSettled: () => queries.invalidateQueries(),
  });
  const press = () => {
    if (!isAsking) setAsking(true);
    // As it is now, and not as it was drawn: the next press may come before.
    else if (queries.isMutating({ mutationKey: key }) === 0)
      remove.mutate(undefined, { onSuccess: () => onDone?.() });
  };
  const looks = isAsking ? { color: 'red' } : { variant: 'default' };
  return (
    <Popover
      opened={remove.error !== null}
      onDismiss={remove.reset}
      position="bottom-end"
      width={320}
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          size="compact-xs"
          {...looks}
          loading={remove.isPending}
          onClick={press}
          onBlur={() => setAsking(false)}
          aria-label={`${isAsking ? 'Really remove' : 'Remove'} ${what}`}
        >
          {isAsking ? 'Really?' : 'Remove'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Refusal error={remove.error} />
      </Popover.Dropdown>
    </Popover>
  );
}
