const lists = ['initContainers', 'containers', 'ephemeralContainers'].map(
  (list) => `select jsonb_path_query(b.content, 'lax $.spec.${list}[*].image') as image`,
);

/** What the pods of a workload run that is not its template's: kept on its row, as pods are too many to be gone through for a query. */
export const IN_PODS = `
alter table resource
  add column pod_bodies uuid[] not null default '{}',
  add column pod_images text[] not null default '{}',
  add column pod_accounts text[] not null default '{}';

with running as (
  select cluster_id, owner_kind as kind, namespace, owner_name as name, array_agg(distinct body_hash order by body_hash) as bodies
  from resource where kind = 'Pod' and coalesce(instance #>> '{status,phase}', '') not in ('Succeeded', 'Failed')
  group by 1, 2, 3, 4
)
update resource r set pod_bodies = p.bodies,
  pod_images = array(
    select distinct i.image #>> '{}' from body b cross join lateral (${lists.join(' union all ')}) i
    where b.cluster_id = r.cluster_id and b.hash = any(p.bodies) and jsonb_typeof(i.image) = 'string'
      and i.image #>> '{}' <> all(r.images) order by 1),
  pod_accounts = array(
    select distinct coalesce(nullif(b.content #>> '{spec,serviceAccountName}', ''), 'default') from body b
    where b.cluster_id = r.cluster_id and b.hash = any(p.bodies)
      and coalesce(nullif(b.content #>> '{spec,serviceAccountName}', ''), 'default') <> r.service_account order by 1)
from running p
where r.cluster_id = p.cluster_id and r.kind = p.kind and r.namespace = p.namespace and r.name = p.name and r.is_workload and r.kind <> 'Pod';
`;
