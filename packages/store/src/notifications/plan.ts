import type { Store } from '../store.ts';
import { CROWDS } from './plan/crowds.ts';
import { UNDEFERRED } from './plan/deferrals.ts';
import { HEARD_BEFORE } from './plan/heard.ts';
import { PLACING } from './plan/placing.ts';
import { MOST_NOTICES, WANTED } from './plan/wanted.ts';

// One statement, so that a notice is either waiting or in what is gathered for every route that wants it, never both or
// neither, and so that two hubs share the work.
const PLAN = `
with ${[...WANTED, ...HEARD_BEFORE, ...UNDEFERRED, ...CROWDS, ...PLACING].join(', ')}
select count(*)::int as taken from taken`;

/**
 * Sorts what was opened and resolved into messages to come: one for each route, root cause and owner, where the root cause
 * is a change or, without one, a control; or one for each route where that is a digest, where a cluster is new, and where
 * they would be too many, with those that have not gone yet. Who had something before is told of its end as well. What was deferred
 * before a route was told of it is among it once that has ended.
 *
 * @param settled until when messages that are no digest gather what comes a moment later.
 */
export async function planDeliveries({ pool }: Store, now: Date, settled: Date): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ taken: number }>(PLAN, [now, settled]);
    if ((rows[0]?.taken ?? 0) < MOST_NOTICES) return;
  }
}
