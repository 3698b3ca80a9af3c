/**
 * Sums of objects know each severity by itself, so that groups of findings of some severities come from them. What is accepted
 * is few and has an index of its own; how many paths fit a pattern is known to the planner.
 */
export const SUMS = `
alter table object_counter drop column fixable, drop column oldest, drop column example,
  -- Of the open ones, by severity, info first.
  add column fixable int[] not null default '{0,0,0,0,0}',
  add column oldest timestamptz[] not null default '{}',
  add column example text[] not null default '{}';
update object_counter c set fixable = f.fixable, oldest = f.oldest, example = f.example from (
  select cluster_id, namespace, name, kind,
    array[${[0, 1, 2, 3, 4].map((each) => `count(*) filter (where fixable and severity = ${each})`).join(', ')}]::int[] as fixable,
    array[${[0, 1, 2, 3, 4].map((each) => `min(first_seen) filter (where severity = ${each})`).join(', ')}] as oldest,
    array[${[0, 1, 2, 3, 4].map((each) => `min(message) filter (where severity = ${each})`).join(', ')}] as example
  from finding where exception is null group by 1, 2, 3, 4
) f where (c.cluster_id, c.namespace, c.name, c.kind) = (f.cluster_id, f.namespace, f.name, f.kind);
create index finding_excepted on finding (cluster_id, severity, fingerprint) where exception is not null;
create statistics finding_path on (lower(path)) from finding;
`;
