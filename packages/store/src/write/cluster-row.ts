import type { PoolClient } from 'pg';
import type { Notice } from './announce.ts';

/** A new holder of its lease locks a cluster before it reads. */
export async function lock(client: PoolClient, cluster: number): Promise<void> {
  await client.query('select from cluster where id = $1 for update', [cluster]);
}

/** What is told of a cluster to all who may see it. */
export function notice(cluster: number | 'all', topics: readonly ('clusters' | 'coverage')[]): string {
  const clusters = cluster === 'all' ? cluster : [cluster];
  return JSON.stringify({ topics, clusters, namespaces: 'all' } satisfies Notice);
}
