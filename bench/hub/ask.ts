import type { RunningHub } from '../../e2e/hub/running-hub.testing.ts';

let asked = 0;

/** Asks as somebody else each time: a hub limits requests by the address that they come from, as its proxy tells it. */
export function askAnew(hub: RunningHub, path: string): Promise<Response> {
  const from = `10.${(asked >> 16) & 255}.${(asked >> 8) & 255}.${asked & 255}`;
  asked++;
  return hub.get(path, from);
}
