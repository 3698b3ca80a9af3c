/** The kinds of what ran in the past are found by an index, as there are few of many rows: each was looked for in all of them. */
export const PAST_WORKLOAD_KINDS = `
create index resource_past_kind on resource_past (cluster_id, kind) where is_workload;
`;
