import { withoutTurns } from '@bulwark/core';
import type { ReactNode } from 'react';
import { asWritten } from './written.tsx';

/** A cell of a table with two lines: what matters, and below it what explains it. Each is cut where it has no room. */
export function TwoLines({
  first,
  second,
  title,
}: {
  readonly first: ReactNode;
  readonly second: ReactNode;
  /** All of it as text, for what is cut. */
  readonly title?: string;
}) {
  return (
    <span className="two-lines" title={title && withoutTurns(title)}>
      <span>{asWritten(first)}</span>
      <span className="quiet">{asWritten(second)}</span>
    </span>
  );
}
