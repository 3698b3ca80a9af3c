import { Anchor } from '@mantine/core';
import { type ReactNode, useState } from 'react';

/** The first of many, and the others where somebody asks for them. */
export function FirstOf<T>({
  items,
  most,
  children,
}: {
  readonly items: readonly T[];
  readonly most: number;
  readonly children: (shown: readonly T[]) => ReactNode;
}) {
  const [isWhole, setWhole] = useState(false);
  const left = items.length - most;
  if (left <= 0) return children(items);
  return (
    <>
      {children(isWhole ? items : items.slice(0, most))}
      <Anchor
        component="button"
        type="button"
        size="sm"
        ta="left"
        underline="always"
        aria-expanded={isWhole}
        onClick={() => setWhole(!isWhole)}
      >
        {isWhole ? `only the first ${most}` : `and ${left} more`}
      </Anchor>
    </>
  );
}
