/** How much an object has open is told by the index by which it is found, without its sums, which are wide. */
export const NARROW_SUMS = `
alter table object_counter drop constraint object_counter_pkey,
  add primary key (cluster_id, namespace, name, kind) include (open, worst);
`;
