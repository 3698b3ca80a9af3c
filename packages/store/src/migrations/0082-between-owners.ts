/** What runs the pods of a workload is found by it, as its pods are: who made it is behind what is asked for the workload. */
export const BETWEEN_OWNERS = `
create index resource_between on resource (cluster_id, owner_kind, namespace, owner_name) where kind in ('apps/ReplicaSet', 'batch/Job');
`;
