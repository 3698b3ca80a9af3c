import { type LiveEvent, liveEvent, liveSilence } from '@bulwark/api';

/** Reads an event; undefined where it is of a hub that is newer than the page, which is still open from before. */
export function toldEvent(data: string): LiveEvent | undefined {
  try {
    return liveEvent.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}

/** Reads since when the database does not answer, in milliseconds since 1970; undefined where it does. */
export function toldSilence(data: string): number | undefined {
  try {
    const since = liveSilence.safeParse(JSON.parse(data)).data?.databaseSilentSince;
    return since == null ? undefined : Date.parse(since);
  } catch {
    return undefined;
  }
}
