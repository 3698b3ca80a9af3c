import { Button } from '@mantine/core';
import type { RefObject } from 'react';
import { hasChanged } from './chosen.ts';

/** Offers to look again where the query has other findings by now than those that were decided about. */
export function LookAgain({
  act: { error, reset },
  size = 'sm',
  isLooking = false,
  decided,
  onAgain,
}: {
  /** What was refused. */
  readonly act: { readonly error: unknown; readonly reset: () => void };
  readonly size?: 'sm' | 'compact-sm';
  readonly isLooking?: boolean;
  /** What was refused, where that is no form. */
  readonly decided?: RefObject<HTMLElement | null>;
  readonly onAgain: () => void;
}) {
  if (!hasChanged(error)) return null;
  return (
    <Button
      size={size}
      variant="default"
      loading={isLooking}
      onClick={(event) => {
        // It goes with the refusal; what is decided is next.
        const { form } = event.currentTarget;
        (form?.querySelector<HTMLElement>('[type="submit"]') ?? decided?.current)?.focus();
        reset();
        onAgain();
      }}
    >
      Look again
    </Button>
  );
}
