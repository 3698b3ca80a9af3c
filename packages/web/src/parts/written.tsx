import { withoutTurns } from '@bulwark/core';
import type { ReactNode } from 'react';

/**
 * A text that somebody wrote, or chose as a name: it turns nothing that stands around it, and what would turn a part of it is
 * written out, so that nobody reads another thing than what was decided. In attributes such as `title` this is `withoutTurns`.
 */
export function Written({ children }: { readonly children: string }) {
  return <bdi>{withoutTurns(children)}</bdi>;
}

/** The same where it may be anything that is shown: what is no text says by itself whose it is. */
export function asWritten(shown: ReactNode): ReactNode {
  return typeof shown === 'string' ? <Written>{shown}</Written> : shown;
}
