import { type Store, triedWrite } from '@bulwark/store';
import { type Rounds, startRounds } from './rounds.ts';

export interface TriedWritesOptions {
  readonly store: Store;
  /** Told when the database takes nothing any more, with another reason, or again: then with none. */
  readonly onChange: (reason: string | undefined) => void;
}

const EVERY_MS = 20_000;
const AGAIN_MS = 1000;

/**
 * Tries whether the database takes what is written, and keeps in the store why it does not: on quiet clusters, and by a hub that
 * stands by, nothing else is written for hours. What fails once may work a second later, and is told of when it does not.
 */
export function tryWrites({ store, onChange }: TriedWritesOptions): Rounds {
  let failed = 0;
  let told: string | undefined;
  const round = async (): Promise<void> => {
    const fault = await triedWrite(store);
    failed = fault === undefined ? 0 : failed + 1;
    if (failed === 1 || fault?.reason === told) return;
    told = fault?.reason;
    store.unwritten.noteTried(fault);
    onChange(told);
  };
  return startRounds(round, { firstMs: 0, everyMs: () => (failed === 0 ? EVERY_MS : AGAIN_MS) });
}
