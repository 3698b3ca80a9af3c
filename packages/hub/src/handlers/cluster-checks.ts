import type { Store } from '@bulwark/store';
import { Gauge, type Registry } from 'prom-client';
import type { Check } from './check.ts';

/** How a cluster is seen. */
export interface Standing {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly reason: string | null;
  readonly lastSeen: Date | null;
}

/** All clusters that are not gone. */
export async function standings({ pool, unwritten }: Store): Promise<readonly Standing[]> {
  const { rows } = await pool.query<Standing>(
    `select id, name, state, reason, last_seen as "lastSeen" from cluster where state <> 'gone' order by name, id`,
  );
  return rows.map((row) => unwritten.standing(row));
}

/** Whether what is shown of each cluster is of now. */
export async function clusterChecks(store: Store): Promise<readonly Check[]> {
  return (await standings(store)).map(({ name, state, reason, lastSeen }) => {
    const seen = lastSeen === null ? 'never seen' : `last seen at ${lastSeen.toISOString()}`;
    const why = reason === null ? '' : `: ${reason}`;
    return {
      name: `cluster ${name}`,
      status: state === 'stale' ? 'degraded' : 'ok',
      detail: state === 'live' ? 'live.' : `${state}, ${seen}${why}`,
    };
  });
}

function moment(time: Date | null): number {
  return time?.getTime() ?? 0;
}

/** Says to those who alarm by Prometheus which clusters are seen. The answer brings the figures up to date. */
export function clusterMetrics(registry: Registry, store: Store): () => Promise<void> {
  const of = { labelNames: ['cluster'], registers: [registry] };
  const up = new Gauge({
    name: 'bulwark_cluster_live',
    help: 'Whether a cluster is seen as it is now: 1, or 0 where what is shown of it is old.',
    ...of,
  });
  const seen = new Gauge({
    name: 'bulwark_cluster_last_seen_timestamp_seconds',
    help: 'When a cluster that is not seen now was last seen, in seconds since 1970; 0 for never.',
    ...of,
  });
  return async () => {
    up.reset();
    seen.reset();
    const all = await standings(store);
    for (const { name } of all) up.set({ cluster: name }, 1);
    const away = all.filter(({ state }) => state !== 'live');
    for (const { name } of away) up.set({ cluster: name }, 0);
    // The longest ago last, so that of several clusters with one name it is that one's.
    for (const { name, lastSeen } of away.toSorted((a, b) => moment(b.lastSeen) - moment(a.lastSeen)))
      seen.set({ cluster: name }, moment(lastSeen) / 1000);
  };
}
