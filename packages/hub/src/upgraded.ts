import { isOfLaterVersion, type Store } from '@bulwark/store';
import { type Rounds, startRounds } from './rounds.ts';

const EVERY_MS = 5000;

/** Looks whether a hub of a later version has upgraded the database. */
export interface UpgradeWatch extends Rounds {
  /** Resolves once one has: what this version would write from then on is not what the later one expects. */
  readonly upgraded: Promise<void>;
}

/** Looks every few seconds. */
export function watchForUpgrade(store: Store): UpgradeWatch {
  let tell: () => void;
  const upgraded = new Promise<void>((resolve) => {
    tell = resolve;
  });
  // A database that is away says so elsewhere, and is asked again.
  const look = async (): Promise<void> => {
    if (await isOfLaterVersion(store).catch(() => false)) tell();
  };
  return { ...startRounds(look, { everyMs: EVERY_MS }), upgraded };
}
