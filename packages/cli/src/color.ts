import type { Io } from './io.ts';

/** Whether output may have colours: NO_COLOR and FORCE_COLOR decide, then whether it is a terminal that knows some. */
export function usesColor({ env, isTerminal }: Io): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  if ((env['FORCE_COLOR'] ?? '0') !== '0') return true;
  return isTerminal && env['TERM'] !== 'dumb';
}
