import type { ReactNode } from 'react';
import { asWritten } from './written.tsx';

/** What something is called, and what it is. */
export type Fact = readonly [name: string, value: ReactNode];

/** What is known of one thing, a line each. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{asWritten(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
