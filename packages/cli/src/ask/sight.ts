import type { ClusterItem, Session } from '@bulwark/api';
import { UsageError, unknownName } from '../exit.ts';
import type { HubConnection } from '../hub-client/connection.ts';

/** How much of its clusters a hub sees, and how much of that who asks. */
export interface Sight {
  /** Those that who asks may see. */
  readonly clusters: readonly ClusterItem[];
  readonly limits: Session['limits'];
}

/** What all that a hub answers rests on. */
export async function sightOf(hub: HubConnection): Promise<Sight> {
  const [{ items }, { limits }] = await Promise.all([
    hub.call('listClusters', {}),
    hub.call('getSession', {}),
  ]);
  return { clusters: items, limits };
}

/**
 * The cluster of a name.
 *
 * @throws UsageError where none is called so, or several are.
 */
export function clusterNamed(name: string, clusters: readonly ClusterItem[]): ClusterItem {
  const named = clusters.filter((cluster) => cluster.name === name);
  const [only] = named;
  if (only !== undefined && named.length === 1) return only;
  if (only !== undefined) throw new UsageError(`${named.length} clusters are called "${name}"`);
  throw unknownName(
    'cluster',
    name,
    clusters.map((cluster) => cluster.name),
  );
}
