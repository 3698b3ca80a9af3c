/** Tables whose rows are of a finding or of an object, with its kind and its name. */
const PLACED = ['finding', 'finding_past', 'object_counter', 'notice', 'delivery_item'];

/**
 * A finding about a Namespace lies in the namespace of that name, where it lay in none, and so do its sums. What cannot be told of
 * a day of before any more stays with what lies in none, so that the sum of a day is what it was. The sums of midnights are worked
 * out again, as those are that are not kept.
 */
export const PLACE_OF_NAMESPACES = `
${PLACED.map((table) => `update ${table} set namespace = name where kind = 'Namespace' and namespace = '';`).join('\n')}

delete from counter where kind = 'Namespace' and namespace = '';
insert into counter (cluster_id, namespace, control, kind, severity, team, environment, criticality, open, excepted, fixable,
  objects, oldest, example, newest, fixable_objects, fixable_oldest, fixable_newest, fixable_example)
select cluster_id, namespace, control, kind, severity, coalesce(team, ''), coalesce(environment, ''), coalesce(criticality, ''),
  count(*) filter (where exception is null), count(*) filter (where exception is not null),
  count(*) filter (where is_fixable), count(distinct name) filter (where exception is null),
  min(first_seen) filter (where exception is null), min(message) filter (where exception is null),
  max(first_seen) filter (where exception is null), count(distinct name) filter (where is_fixable),
  min(first_seen) filter (where is_fixable), max(first_seen) filter (where is_fixable), min(message) filter (where is_fixable)
from (select *, exception is null and fixable as is_fixable from finding where kind = 'Namespace') f
group by 1, 2, 3, 4, 5, 6, 7, 8;

with span as (
  select cluster_id, name, severity, valid_from, 'infinity'::timestamptz as valid_to from finding
  where kind = 'Namespace' and exception is null
  union all
  select cluster_id, name, severity, valid_from, valid_to from finding_past where kind = 'Namespace' and exception is null
), day as (
  -- As it ended, in UTC.
  select distinct cluster_id, day, (day + 1)::timestamp at time zone 'UTC' as ended from posture_day
), open as (
  select d.cluster_id, d.day, s.name, s.severity, count(*)::int as open from day d join span s
    on s.cluster_id = d.cluster_id and s.valid_from < d.ended and s.valid_to >= d.ended
  group by 1, 2, 3, 4
), moved as (
  update posture_day p set open = p.open - o.open
  from (select cluster_id, day, severity, sum(open)::int as open from open group by 1, 2, 3) o
  where (p.cluster_id, p.day, p.namespace, p.severity) = (o.cluster_id, o.day, '', o.severity) and p.open >= o.open
  returning p.cluster_id, p.day, p.severity
)
insert into posture_day as p (cluster_id, day, namespace, severity, open)
select o.cluster_id, o.day, o.name, o.severity, o.open from open o join moved m using (cluster_id, day, severity)
on conflict (cluster_id, day, namespace, severity) do update set open = p.open + excluded.open;

delete from past_counter where '' = any(namespaces);

-- What an annotation of a Namespace asks for is asked for in it.
update exception set scope = jsonb_set(scope, '{namespaces}', jsonb_build_array(name))
where annotation is not null and kind = 'Namespace' and scope->'namespaces' = '[""]';
`;
