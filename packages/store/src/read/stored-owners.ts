import type { JsonObject } from '@bulwark/core';
import type { Store } from '../store.ts';
import { joinInstance } from '../write/kin.ts';
import type { ResourceRow } from '../write/rows.ts';

/** What is stored of an object but its body and whose it is. Hashes have 32 hexadecimal digits. */
export type StoredOwners = Pick<
  ResourceRow,
  'kind' | 'namespace' | 'name' | 'apiVersion' | 'uid' | 'bodyHash' | 'instance'
>;

/**
 * A page of the objects of a kind in a namespace, in the order of their names.
 *
 * @param owner the top owner as it is stored, where only what belongs to it is wanted.
 * @param after the last name of the page before; the empty name for the first page.
 */
export async function storedOwners(
  { pool }: Store,
  cluster: number,
  {
    kind,
    namespace,
    owner,
    after,
    limit,
  }: {
    readonly kind: string;
    readonly namespace: string;
    readonly owner?: { readonly kind: string; readonly name: string };
    readonly after: string;
    readonly limit: number;
  },
): Promise<readonly StoredOwners[]> {
  const { rows } = await pool.query<StoredOwners & { kin: JsonObject | null }>(
    `select t.kind, t.namespace, t.name, t.api_version as "apiVersion", t.uid, replace(t.body_hash::text, '-', '') as "bodyHash",
       t.instance,
       (select k.content from body k where k.cluster_id = t.cluster_id and k.hash = t.kin_hash) as kin
     from resource t
     where t.cluster_id = $1 and t.kind = $2 and t.namespace = $3 and t.name > $4
       ${owner === undefined ? '' : 'and t.owner_kind = $6 and t.owner_name = $7'}
     order by t.name limit $5`,
    [cluster, kind, namespace, after, limit, ...(owner === undefined ? [] : [owner.kind, owner.name])],
  );
  return rows.map(({ kin, ...row }) => ({ ...row, instance: joinInstance({ ...row, kin }) }));
}
