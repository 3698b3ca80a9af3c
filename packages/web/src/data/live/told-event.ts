import { type LiveEvent, liveEvent } from '@bulwark/api';

/** Reads an event; undefined where it is of a hub that is newer than the page, which is still open from before. */
export function toldEvent(data: string): LiveEvent | undefined {
  try {
    return liveEvent.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
