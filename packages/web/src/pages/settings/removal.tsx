import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Refusal } from './refusal.tsx';

/** Removes something, after asking once. */
export function Removal({ what, act }: { readonly what: string; readonly act: () => Promise<unknown> }) {
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const remove = useMutation({ mutationFn: act, onSettled: () => queries.invalidateQueries() });
  if (remove.error !== null) return <Refusal error={remove.error} />;
  if (!isAsking)
    return (
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => setAsking(true)}
        aria-label={`Remove ${what}`}
      >
        Remove
      </Button>
    );
  return (
    <Button
      size="compact-xs"
      color="red"
      onClick={() => remove.mutate()}
      onBlur={() => setAsking(false)}
      aria-label={`Really remove ${what}`}
    >
      Really?
    </Button>
  );
}
