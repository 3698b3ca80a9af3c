import type { Store } from '../store.ts';
import type { ObjectKey } from '../write/rows.ts';

/** What is stored of the objects of a cluster, to be compared with what is seen after a start. */
export async function liveResources(
  { pool }: Store,
  cluster: number,
): Promise<readonly (ObjectKey & { readonly digest: string })[]> {
  const { rows } = await pool.query<ObjectKey & { digest: string }>(
    `select kind, namespace, name, replace(digest::text, '-', '') as digest from resource where cluster_id = $1`,
    [cluster],
  );
  return rows;
}

/** What is stored of the findings of a cluster, with the object that each is about. */
export async function liveFindings(
  { pool }: Store,
  cluster: number,
): Promise<readonly (ObjectKey & { readonly fingerprint: string; readonly digest: string })[]> {
  const { rows } = await pool.query<ObjectKey & { fingerprint: string; digest: string }>(
    `select replace(fingerprint::text, '-', '') as fingerprint, kind, namespace, name,
       replace(digest::text, '-', '') as digest
     from finding where cluster_id = $1`,
    [cluster],
  );
  return rows;
}

/** What is stored of the risks of a cluster. */
export async function liveRisks(
  { pool }: Store,
  cluster: number,
): Promise<readonly (ObjectKey & { readonly digest: string })[]> {
  const { rows } = await pool.query<ObjectKey & { digest: string }>(
    `select kind, namespace, name, replace(digest::text, '-', '') as digest from workload_risk where cluster_id = $1`,
    [cluster],
  );
  return rows;
}
