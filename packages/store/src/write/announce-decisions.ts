import type { Pool, PoolClient } from 'pg';
import { announce } from './announce.ts';

type Client = Pick<PoolClient | Pool, 'query'>;

interface FindingKey {
  readonly cluster: number;
  readonly fingerprint: string;
}

/** Where each finding is, or was when it was last seen; what was never seen, or too long ago, is nowhere. */
const PLACES = `
select cluster, coalesce(array_agg(distinct place) filter (where place is not null), '{}') as namespaces
from (
  select x.cluster, coalesce(
    (select f.namespace from finding f where f.cluster_id = x.cluster and f.fingerprint = x.fingerprint),
    (select p.namespace from finding_past p where p.cluster_id = x.cluster and p.fingerprint = x.fingerprint limit 1)) as place
  from json_to_recordset($1) as x(cluster int, fingerprint uuid)
) each group by 1`;

/** As findings have them. */
const FINGERPRINT = /^[0-9a-f]{32}$/;

/**
 * Announces what was decided about findings, to those who may see them. It is said of each cluster, also where none of the
 * findings is known in it: they may come, or come back.
 */
export async function announceOf(
  client: Client,
  topic: 'triage' | 'exceptions',
  findings: readonly FindingKey[],
): Promise<void> {
  const known = findings.filter(({ fingerprint }) => FINGERPRINT.test(fingerprint));
  const { rows } = await client.query<{ cluster: number; namespaces: string[] }>(PLACES, [
    JSON.stringify(known),
  ]);
  const places = new Map(rows.map(({ cluster, namespaces }) => [cluster, namespaces]));
  const clusters = [...new Set(findings.map(({ cluster }) => cluster))].sort((a, b) => a - b);
  for (const cluster of clusters)
    await announce(client, { topics: [topic], clusters: [cluster], namespaces: places.get(cluster) ?? [] });
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
  if (fingerprints === undefined || clusters === 'all' || namespaces !== 'all') {
    await announce(client, { topics: ['exceptions'], clusters, namespaces });
    return;
  }
  const keys = clusters.flatMap((cluster) => fingerprints.map((fingerprint) => ({ cluster, fingerprint })));
  await announceOf(client, 'exceptions', keys);
}
