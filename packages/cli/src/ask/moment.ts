import { parseDuration, parsePeriod } from '@bulwark/core';
import { UsageError } from '../exit.ts';

/**
 * A moment as a flag gives it: `2026-11-20`, `2026-11-20T10:00Z`, or how long ago: `3d`, `2h`.
 *
 * @returns RFC 3339; of a day, the beginning of it in UTC.
 * @throws UsageError for anything else.
 */
export function momentOf(flag: string, text: string, now: Date): string {
  const ago = parseDuration(text.replace(/^now-/, ''));
  const at = ago === undefined ? parsePeriod(text)?.from : now.getTime() - ago.milliseconds;
  if (at === undefined)
    throw new UsageError(
      `${flag} takes a time such as 2026-11-20, 2026-11-20T10:00Z or 3d ago as 3d, not "${text}"`,
    );
  return new Date(at).toISOString();
}
