/** Which batches of audit events have come, so that one that comes once more is counted once by all hubs, restarts or not. */
export const AUDIT_BATCHES = `
create table audit_batch (
  cluster_id int not null,
  digest bytea not null,
  arrived timestamptz not null,
  primary key (cluster_id, digest)
);
`;
