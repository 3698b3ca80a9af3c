import type { Pool, PoolClient } from 'pg';
import { announce } from './announce.ts';

type Client = Pick<PoolClient | Pool, 'query'>;

interface FindingKey {
  readonly cluster: number;
  readonly fingerprint: string;
}

/** Announces what was decided about findings, to those who may see them. */
export async function announceOf(
  client: Client,
  topic: 'triage' | 'exceptions',
  findings: readonly FindingKey[],
): Promise<void> {
  const { rows } = await client.query<{ cluster: number; namespaces: string[] }>(
    `select x.cluster, coalesce(array_agg(distinct f.namespace) filter (where f.namespace is not null), '{}') as namespaces
     from json_to_recordset($1) as x(cluster int, fingerprint uuid)
     left join finding f on f.cluster_id = x.cluster and f.fingerprint = x.fingerprint group by 1 order by 1`,
    [JSON.stringify(findings)],
  );
  for (const { cluster, namespaces } of rows)
    await announce(client, { topics: [topic], clusters: [cluster], namespaces });
}

/** Announces an exception, to those who may see something that it covers. */
export async function announceException(
  client: Client,
  scope: Readonly<Record<string, unknown>>,
): Promise<void> {
  const {
    clusters = 'all',
    namespaces = 'all',
    fingerprints,
  } = scope as {
    readonly clusters?: readonly number[];
    readonly namespaces?: readonly string[];
    readonly fingerprints?: readonly string[];
  };
  if (fingerprints === undefined || clusters === 'all') {
    await announce(client, { topics: ['exceptions'], clusters, namespaces });
    return;
  }
  const keys = clusters.flatMap((cluster) => fingerprints.map((fingerprint) => ({ cluster, fingerprint })));
  await announceOf(client, 'exceptions', keys);
}
