import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Gives back the memory of what is no longer used by this thread, which waits meanwhile (about 0.2 s with 25,000 objects).
 * After a first look at a cluster three quarters of the heap are such, and V8 by itself lets them lie for minutes: it waits
 * until the heap has grown by as much again.
 */
export function giveBack(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}
