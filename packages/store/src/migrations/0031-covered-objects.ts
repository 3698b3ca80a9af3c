/**
 * Lists of objects are ordered and filtered by what one index has, without their rows, which are wide. An index more would cost
 * a write more for each pod that comes.
 */
export const COVERED_OBJECTS = `
alter table resource drop constraint resource_pkey,
  add primary key (cluster_id, kind, namespace, name) include (team, first_seen);
`;
