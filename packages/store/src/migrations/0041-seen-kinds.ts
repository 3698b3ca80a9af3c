/**
 * From when to when each kind was seen, so that a moment at which it was not is not judged by what is seen now. Of a kind that the
 * cluster does not serve it is known that there is nothing. What is stored already says it of the kinds of which there are objects;
 * of the others it says only since when they are seen now.
 */
export const SEEN_KINDS = `
create table seen_kind (
  cluster_id int not null,
  kind text collate "C" not null,
  -- The beginning of all time for what was not served when the cluster was first looked at.
  seen_from timestamptz not null,
  -- Null where it still is.
  seen_until timestamptz,
  primary key (cluster_id, kind, seen_from)
);
insert into seen_kind (cluster_id, kind, seen_from, seen_until)
select cluster_id, kind, least(known, since), case when state in ('denied', 'absent') then greatest(known, since) end
from (
  select cluster_id, kind, min(first_seen) as known from (
    select cluster_id, kind, first_seen from resource union all select cluster_id, kind, first_seen from resource_past
  ) object group by 1, 2
) object full join (
  select c.id as cluster_id, k ->> 'kind' as kind, k ->> 'state' as state, (k ->> 'since')::timestamptz as since
  from cluster c cross join jsonb_path_query(c.kinds, '$[*]') k
) told using (cluster_id, kind)
where known is not null or state in ('live', 'stale');
`;
