/**
 * The names of the namespaces that are or were in each cluster, whether the hub may read namespaces or only what lies in them:
 * what a pattern in somebody's limits comes to is asked of them with every request.
 */
export const KNOWN_NAMESPACES = `
create table known_namespace (
  cluster_id int not null,
  name text collate "C" not null,
  primary key (cluster_id, name)
);
insert into known_namespace (cluster_id, name)
select cluster_id, name from (
  select cluster_id, namespace as name from resource
  union select cluster_id, name from resource where kind = 'Namespace'
  union select cluster_id, namespace from resource_past
  union select cluster_id, name from resource_past where kind = 'Namespace'
  union select cluster_id, namespace from change
  union select cluster_id, name from change where kind = 'Namespace'
) known where name <> '';
`;
