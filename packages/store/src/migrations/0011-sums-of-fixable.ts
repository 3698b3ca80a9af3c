/** The same of findings of each severity, info first. */
function bySeverity(aggregate: string, condition = 'true'): string {
  const each = [0, 1, 2, 3, 4].map(
    (severity) => `${aggregate} filter (where severity = ${severity} and ${condition})`,
  );
  return `array[${each.join(', ')}]`;
}

/** Sums know what can be mended by itself, and since when the newest finding is there, so that they answer for both. */
export const SUMS_OF_FIXABLE = `
alter table counter
  add column newest timestamptz,
  -- Of the fixable ones.
  add column fixable_objects int not null default 0,
  add column fixable_exposed int not null default 0,
  add column fixable_oldest timestamptz,
  add column fixable_newest timestamptz,
  add column fixable_example text,
  add column fixable_riskiest text collate "C";
update counter c set newest = f.newest, fixable_objects = f.objects, fixable_exposed = f.exposed, fixable_oldest = f.oldest,
  fixable_newest = f.fixable_newest, fixable_example = f.example, fixable_riskiest = f.riskiest
from (
  select f.cluster_id, f.namespace, f.control, f.kind, f.severity, coalesce(f.team, '') as team,
    coalesce(f.environment, '') as environment, coalesce(f.criticality, '') as criticality, max(first_seen) as newest,
    count(distinct f.name) filter (where fixable) as objects, min(first_seen) filter (where fixable) as oldest,
    count(distinct f.name) filter (where fixable and r.reach = 'internet') as exposed,
    max(first_seen) filter (where fixable) as fixable_newest, min(message) filter (where fixable) as example,
    max((lpad((r.points + 1000)::text, 4, '0') || '|' || f.cluster_id || '|' || f.kind || '|' || f.namespace || '|' || f.name)
      collate "C") filter (where fixable) as riskiest
  from finding f left join workload_risk r
    on (r.cluster_id, r.namespace, r.name, r.kind) = (f.cluster_id, f.namespace, f.name, f.kind)
  where f.exception is null group by 1, 2, 3, 4, 5, 6, 7, 8
) f where (c.cluster_id, c.namespace, c.control, c.kind, c.severity, c.team, c.environment, c.criticality)
  = (f.cluster_id, f.namespace, f.control, f.kind, f.severity, f.team, f.environment, f.criticality);
alter table object_counter
  -- Of the open ones, by severity, info first.
  add column newest timestamptz[] not null default '{}',
  add column fixable_oldest timestamptz[] not null default '{}',
  add column fixable_newest timestamptz[] not null default '{}',
  add column fixable_example text[] not null default '{}';
update object_counter c set newest = f.newest, fixable_oldest = f.oldest, fixable_newest = f.fixable_newest,
  fixable_example = f.example
from (
  select cluster_id, namespace, name, kind, ${bySeverity('max(first_seen)')} as newest,
    ${bySeverity('min(first_seen)', 'fixable')} as oldest, ${bySeverity('max(first_seen)', 'fixable')} as fixable_newest,
    ${bySeverity('min(message)', 'fixable')} as example
  from finding where exception is null group by 1, 2, 3, 4
) f where (c.cluster_id, c.namespace, c.name, c.kind) = (f.cluster_id, f.namespace, f.name, f.kind);
`;
