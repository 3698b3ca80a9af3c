/**
 * What comes and goes all day is cleared away soon: at the usual fifth of all rows, a table of a large cluster grows by that
 * fifth first. The cost is a pass over a table of tens of megabytes every few minutes at most.
 */
export const PROMPT_VACUUM = ['resource', 'finding', 'object_counter', 'counter', 'workload_risk', 'body']
  .map(
    (table) => `
alter table ${table} set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200);`,
  )
  .join('');
