import { Button } from '@mantine/core';
import { hasChanged } from './chosen.ts';

/** Offers to look again where the query has other findings by now than those that were decided about. */
export function LookAgain({
  act: { error, reset },
  size = 'sm',
  isLooking = false,
  onAgain,
}: {
  /** What was refused. */
  readonly act: { readonly error: unknown; readonly reset: () => void };
  readonly size?: 'sm' | 'compact-sm';
  readonly isLooking?: boolean;
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
        event.currentTarget.form?.querySelector<HTMLElement>('[type="submit"]')?.focus();
        reset();
        onAgain();
      }}
    >
      Look again
    </Button>
  );
}
