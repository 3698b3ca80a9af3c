import type { Store } from '../store.ts';
import { CROWDS } from './plan/crowds.ts';
import { UNDEFERRED } from './plan/deferrals.ts';
import { HEARD_BEFORE } from './plan/heard.ts';
import { PLACING } from './plan/placing.ts';
import { MOST_NOTICES } from './plan/terms.ts';
import { ROUTING, TAKEN, WANTED } from './plan/wanted.ts';
import { ADDRESSED, findReaders, type Knows } from './reader.ts';

// One statement, so that a notice is either waiting or in what is gathered for every route that wants it, never both or
// neither, and so that two hubs share the work.
const PLAN = `
with ${[ROUTING, TAKEN, ADDRESSED, ...WANTED, ...HEARD_BEFORE, ...UNDEFERRED, ...CROWDS, ...PLACING].join(', ')}
select count(*)::int as taken from taken`;

/** When and how messages are planned. */
export interface Planning {
  readonly now: Date;
  /** Until when messages that are no digest gather what comes a moment later. */
  readonly settled: Date;
  readonly knows: Knows;
}

/**
 * Sorts what was opened and resolved into messages to come: one for each route, root cause and owner, where the root cause
 * is a change or, without one, a control; or one for each route where that is a digest, where a cluster is new, and where
 * they would be too many, with those that have not gone yet. Who had something before is told of its end as well. What was deferred
 * before a route was told of it is among it once that has ended.
 */
export async function planDeliveries({ pool }: Store, { now, settled, knows }: Planning): Promise<void> {
  for (;;) {
    const read = await findReaders(pool, now, knows);
    if (read === undefined) return;
    const { rows } = await pool.query<{ taken: number }>(PLAN, [now, settled, read.notices, read.addressed]);
    if ((rows[0]?.taken ?? 0) < MOST_NOTICES) return;
  }
}
