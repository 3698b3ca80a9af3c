import { closeSync, openSync, rmSync, statSync, utimesSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a lock is taken. All in milliseconds. */
export interface LockOptions {
  /** How long another holder is waited for. */
  readonly withinMs: number;
  /** A holder shows all the while that it lives; one that is silent for longer has died. Undefined: none is passed over. */
  readonly silentMs?: number;
  /** Ends the wait for another holder. */
  readonly signal?: AbortSignal;
}

/** A lock that is held, or why there is none: `taken` by another, or `impossible` as nothing can be written there. */
export type Lock = { readonly release: () => void } | 'taken' | 'impossible';

const AGAIN_MS = 50;

/** Takes a lock that is a file: whoever makes it holds it. */
export async function lockFile(path: string, { withinMs, silentMs, signal }: LockOptions): Promise<Lock> {
  const until = Date.now() + withinMs;
  for (;;) {
    try {
      closeSync(openSync(path, 'wx', 0o600));
      return silentMs === undefined ? { release: () => remove(path) } : held(path, silentMs);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) return 'impossible';
    }
    if (silentMs !== undefined && ageOf(path) > silentMs && remove(path)) continue;
    if (Date.now() >= until || signal?.aborted === true) return 'taken';
    else await sleep(AGAIN_MS);
  }
}

function held(path: string, silentMs: number): { readonly release: () => void } {
  let heard = Date.now();
  // After a sleep of the machine it may be that of another one, who has passed over it.
  const isOurs = (): boolean => Date.now() - heard <= silentMs;
  const beat = setInterval(() => {
    if (!isOurs() || !touch(path)) clearInterval(beat);
    else heard = Date.now();
  }, silentMs / 5).unref();
  const release = (): void => {
    clearInterval(beat);
    if (isOurs()) remove(path);
  };
  return { release };
}

function touch(path: string): boolean {
  try {
    const now = new Date();
    utimesSync(path, now, now);
    return true;
  } catch {
    // Somebody has taken it away.
    return false;
  }
}

function ageOf(path: string): number {
  const since = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return since === undefined ? 0 : Date.now() - since;
}

function remove(path: string): boolean {
  try {
    rmSync(path, { force: true });
    return true;
  } catch {
    // The folder may be written no longer; whoever finds the lock says that it is there.
    return false;
  }
}
