/**
 * A change of a pod, or of what stands between pods and their workload, says to which workload that belongs: it is told with it. Those
 * of before are given the owner of the version that is stored of their object.
 */
export const OWNERS_OF_CHANGES = `
alter table change add column owner_kind text collate "C", add column owner_name text collate "C";

update change c set owner_kind = o.owner_kind, owner_name = o.owner_name
from change d cross join lateral (
  select owner_kind, owner_name from (
    select kind, name, uid, valid_from, owner_kind, owner_name from resource
    where (cluster_id, kind, namespace, name) = (d.cluster_id, d.kind, d.namespace, d.name)
    union all
    select kind, name, uid, valid_from, coalesce(owner_kind, kind), coalesce(owner_name, name) from resource_past
    where (cluster_id, kind, namespace, name) = (d.cluster_id, d.kind, d.namespace, d.name) and hashtext(name) = hashtext(d.name)
  ) v where v.uid = coalesce(d.uid, v.uid) order by v.valid_from desc limit 1
) o
where d.kind in ('Pod', 'apps/ReplicaSet', 'batch/Job') and (o.owner_kind, o.owner_name) <> (d.kind, d.name)
  and (c.cluster_id, c.id, c.at) = (d.cluster_id, d.id, d.at);

create index change_owner on change (hashtext(owner_name), at) where owner_name is not null;
`;
