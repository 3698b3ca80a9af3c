import type { Store } from '../store.ts';

export interface LiveResource {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly bodyHash: string;
  readonly instanceText: string;
}

/** What is stored of the objects of a cluster, to be compared with what is seen after a start. */
export async function liveResources({ pool }: Store, cluster: number): Promise<readonly LiveResource[]> {
  const { rows } = await pool.query<LiveResource>(
    `select kind, namespace, name, uid, replace(body_hash::text, '-', '') as "bodyHash", md5(instance::text) as "instanceText"
     from resource where cluster_id = $1`,
    [cluster],
  );
  return rows;
}

export interface LiveFinding {
  readonly fingerprint: string;
  readonly kind: string;
  readonly digest: string;
}

/** What is stored of the findings of a cluster. */
export async function liveFindings({ pool }: Store, cluster: number): Promise<readonly LiveFinding[]> {
  const { rows } = await pool.query<LiveFinding>(
    `select replace(fingerprint::text, '-', '') as fingerprint, kind,
       md5(concat_ws('|', message, severity, path, api_version, exception, requested, team, environment, criticality)) as digest
     from finding where cluster_id = $1`,
    [cluster],
  );
  return rows;
}
