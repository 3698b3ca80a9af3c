import type { Touched } from './findings.ts';
import { prepared } from './prepared.ts';
import type { Writing } from './resources.ts';
import { isRiskOf, riskiest } from './riskiest.ts';

const SEVERITIES = [0, 1, 2, 3, 4];

/** Counts anew what a batch touched. Cost: the findings of the touched controls and objects. */
export async function countAnew(
  { client, cluster, at }: Writing,
  touched: readonly Touched[],
): Promise<void> {
  const places = new Map(touched.map((each) => [`${each.namespace}|${each.control}`, each]));
  await client.query(prepared(PLACES), [cluster, ...columns([...places.values()], ['namespace', 'control'])]);
  const objects = new Map(touched.map((each) => [`${each.namespace}|${each.kind}|${each.name}`, each]));
  await client.query(prepared(OBJECTS), [
    cluster,
    ...columns([...objects.values()], ['namespace', 'name', 'kind']),
  ]);
  const namespaces = [...new Set(touched.map(({ namespace }) => namespace))];
  await client.query(prepared(DAY), [cluster, at.toISOString().slice(0, 10), namespaces]);
}

function columns<K extends keyof Touched>(rows: readonly Touched[], names: readonly K[]): string[][] {
  return names.map((name) => rows.map((row) => row[name]));
}

/** Columns of sums of places, in their order. */
const MORE = [
  'newest',
  'fixable_objects',
  'fixable_exposed',
  'fixable_oldest',
  'fixable_newest',
  'fixable_example',
  'fixable_riskiest',
];

function ofEach(relation: string, names: readonly string[]): string {
  return names.map((name) => `${relation}.${name}`).join(', ');
}

const FIXABLE = 'exception is null and fixable';

const PLACES = `
with place as materialized (
  select * from unnest($2::text[], $3::text[]) as x(namespace, control)
), fresh as (
  select f.namespace, f.control, f.kind, f.severity, coalesce(f.team, '') as team,
    coalesce(f.environment, '') as environment, coalesce(f.criticality, '') as criticality,
    (count(*) filter (where exception is null))::int as open, (count(*) filter (where exception is not null))::int as excepted,
    (count(*) filter (where exception is null and fixable))::int as fixable,
    (count(distinct f.name) filter (where exception is null))::int as objects,
    min(first_seen) filter (where exception is null) as oldest, min(message collate "C") filter (where exception is null) as example,
    max(${riskiest('f')}) filter (where exception is null) as riskiest,
    (count(distinct f.name) filter (where exception is null and r.reach = 'internet'))::int as exposed,
    max(first_seen) filter (where exception is null) as newest,
    (count(distinct f.name) filter (where ${FIXABLE}))::int as fixable_objects,
    (count(distinct f.name) filter (where ${FIXABLE} and r.reach = 'internet'))::int as fixable_exposed,
    min(first_seen) filter (where ${FIXABLE}) as fixable_oldest, max(first_seen) filter (where ${FIXABLE}) as fixable_newest,
    min(message collate "C") filter (where ${FIXABLE}) as fixable_example, max(${riskiest('f')}) filter (where ${FIXABLE}) as fixable_riskiest
  from place p join finding f on f.cluster_id = $1 and f.namespace = p.namespace and f.control = p.control
  left join workload_risk r on ${isRiskOf('f')}
  group by 1, 2, 3, 4, 5, 6, 7
), gone as (
  delete from counter c using place p
  where c.cluster_id = $1 and c.namespace = p.namespace and c.control = p.control and not exists (
    select from fresh f where (f.namespace, f.control, f.kind, f.severity, f.team, f.environment, f.criticality)
      = (c.namespace, c.control, c.kind, c.severity, c.team, c.environment, c.criticality))
)
insert into counter as c (cluster_id, namespace, control, kind, severity, team, environment, criticality, open, excepted,
  fixable, objects, oldest, example, riskiest, exposed, ${MORE.join(', ')})
select $1, f.* from fresh f order by namespace, control
on conflict (cluster_id, namespace, control, kind, severity, team, environment, criticality) do update set
  open = excluded.open, excepted = excluded.excepted, fixable = excluded.fixable, objects = excluded.objects,
  oldest = excluded.oldest, example = excluded.example, riskiest = excluded.riskiest, exposed = excluded.exposed,
  ${MORE.map((name) => `${name} = excluded.${name}`).join(', ')}
where (c.open, c.excepted, c.fixable, c.objects, c.oldest, c.example, c.riskiest, c.exposed, ${ofEach('c', MORE)})
  is distinct from (excluded.open, excluded.excepted, excluded.fixable, excluded.objects, excluded.oldest, excluded.example,
    excluded.riskiest, excluded.exposed, ${ofEach('excluded', MORE)})`;

/** An aggregate of the open findings of each severity, as an array, info first. */
function ofOpen(aggregate: string, condition = 'true'): string {
  const each = SEVERITIES.map(
    (severity) => `${aggregate} filter (where exception is null and severity = ${severity} and ${condition})`,
  );
  return `array[${each.join(', ')}]`;
}

const OBJECTS = `
with object as materialized (
  select * from unnest($2::text[], $3::text[], $4::text[]) as x(namespace, name, kind)
), fresh as (
  select f.namespace, f.name, f.kind, max(coalesce(team, '')) as team, max(coalesce(environment, '')) as environment,
    max(coalesce(criticality, '')) as criticality, ${ofOpen('count(*)')}::int[] as counts,
    (count(*) filter (where exception is null))::int as open, (count(*) filter (where exception is not null))::int as excepted,
    ${ofOpen('count(*)', 'fixable')}::int[] as fixable,
    coalesce(max(severity) filter (where exception is null), -1)::smallint as worst,
    ${ofOpen('min(first_seen)')} as oldest, ${ofOpen('min(message collate "C")')} as example, ${ofOpen('max(first_seen)')} as newest,
    ${ofOpen('min(first_seen)', 'fixable')} as fixable_oldest, ${ofOpen('max(first_seen)', 'fixable')} as fixable_newest,
    ${ofOpen('min(message collate "C")', 'fixable')} as fixable_example
  from object o
  join finding f on f.cluster_id = $1 and f.namespace = o.namespace and f.name = o.name and f.kind = o.kind
  group by 1, 2, 3
), gone as (
  delete from object_counter c using object o
  where c.cluster_id = $1 and c.namespace = o.namespace and c.name = o.name and c.kind = o.kind and not exists (
    select from fresh f where (f.namespace, f.name, f.kind) = (c.namespace, c.name, c.kind))
)
insert into object_counter as c (cluster_id, namespace, name, kind, team, environment, criticality, counts, open, excepted,
  fixable, worst, oldest, example, newest, fixable_oldest, fixable_newest, fixable_example)
select $1, f.* from fresh f order by namespace, name, kind
on conflict (cluster_id, namespace, name, kind) do update set
  team = excluded.team, environment = excluded.environment, criticality = excluded.criticality, counts = excluded.counts,
  open = excluded.open, excepted = excluded.excepted, fixable = excluded.fixable, worst = excluded.worst,
  oldest = excluded.oldest, example = excluded.example, newest = excluded.newest, fixable_oldest = excluded.fixable_oldest,
  fixable_newest = excluded.fixable_newest, fixable_example = excluded.fixable_example
where (c.team, c.environment, c.criticality, c.counts, c.excepted, c.fixable, c.oldest, c.example, c.newest, c.fixable_oldest,
    c.fixable_newest, c.fixable_example) is distinct from
  (excluded.team, excluded.environment, excluded.criticality, excluded.counts, excluded.excepted, excluded.fixable,
   excluded.oldest, excluded.example, excluded.newest, excluded.fixable_oldest, excluded.fixable_newest,
   excluded.fixable_example)`;

// The first batch of a day writes all namespaces, so that a day is complete; later ones write what they touched.
const DAY = `
with known as (
  select exists (select from posture_day where cluster_id = $1 and day = $2) as is_known
), total as (
  select n.namespace, s.severity, coalesce((
    select sum(c.open) from counter c where c.cluster_id = $1 and c.namespace = n.namespace and c.severity = s.severity), 0) as open
  from (
    select namespace from counter where cluster_id = $1 and not (select is_known from known) group by 1
    union select unnest($3::text[])
  ) n cross join generate_series(0, 4) as s(severity)
)
insert into posture_day as p (cluster_id, day, namespace, severity, open)
select $1, $2, t.namespace, t.severity, t.open from total t
where t.open > 0 or exists (
  select from posture_day o where o.cluster_id = $1 and o.day = $2 and o.namespace = t.namespace and o.severity = t.severity)
order by namespace, severity
on conflict (cluster_id, day, namespace, severity) do update set open = excluded.open where p.open <> excluded.open`;
