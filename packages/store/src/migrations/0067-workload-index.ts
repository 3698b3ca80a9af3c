/** All workloads are put in order by an index alone: their rows are wide, and were read for the few that a page shows. */
export const WORKLOAD_INDEX = `
drop index resource_workload;
create index resource_workload on resource (cluster_id, namespace, name) include (kind, first_seen) where is_workload;
`;
