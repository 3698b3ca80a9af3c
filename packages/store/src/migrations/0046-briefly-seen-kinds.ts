/**
 * A kind is known from its first object on also where that came and went in one version, as pods and jobs do: of such a one it is not
 * written when it was first seen (0010), and the step 0041 passed it over.
 */
export const BRIEFLY_SEEN_KINDS = `
with past as (
  select cluster_id, kind, min(coalesce(first_seen, valid_from)) as known from resource_past group by 1, 2
), lowered as (
  update seen_kind s set seen_from = known from past p
  where s.cluster_id = p.cluster_id and s.kind = p.kind and s.seen_from > known and not exists (
    select from seen_kind e where e.cluster_id = s.cluster_id and e.kind = s.kind and e.seen_from < s.seen_from)
)
insert into seen_kind (cluster_id, kind, seen_from, seen_until)
select cluster_id, kind, known, case when state in ('denied', 'absent') then greatest(known, since) end
from past left join (
  select c.id as cluster_id, k ->> 'kind' as kind, k ->> 'state' as state, (k ->> 'since')::timestamptz as since
  from cluster c cross join jsonb_path_query(c.kinds, '$[*]') k
) told using (cluster_id, kind)
where not exists (select from seen_kind s where s.cluster_id = past.cluster_id and s.kind = past.kind);
`;
