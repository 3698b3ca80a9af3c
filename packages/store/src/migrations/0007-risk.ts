/** What makes faults of each workload matter, and the worst of it among the objects of each sum of findings. */
export const RISK = `
create table workload_risk (
  cluster_id int not null,
  kind text collate "C" not null,
  namespace text collate "C" not null,
  name text collate "C" not null,
  digest uuid not null,
  points smallint not null,
  -- Who can connect to it.
  reach text not null,
  reasons jsonb not null,
  primary key (cluster_id, namespace, name, kind)
) with (fillfactor = 90);

alter table counter
  -- The object with open findings and the most points: 1000 more than these, cluster, kind, namespace and name, so that the
  -- greatest text is the worst object. Null where no object is a workload.
  add column riskiest text collate "C",
  -- Objects with open findings that are open to the Internet.
  add column exposed int not null default 0;
`;
