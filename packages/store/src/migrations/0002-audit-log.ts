/** Who made a change, as the audit logs of the API servers tell it. */
export const AUDIT_LOG = `
-- What helps to tell which request made a change: which object and version it was, since when the version before had been
-- seen, and when the object says that it was written last.
alter table change add column uid text;
alter table change add column resource_version text;
alter table change add column since timestamptz;
alter table change add column written timestamptz;

-- Requests that changed something, for as long as the change may still be seen.
create table audit_event (
  cluster_id int not null,
  id uuid not null,
  audit_id text not null,
  effect text not null,
  kind text collate "C" not null,
  namespace text collate "C" not null,
  -- Empty where a request deleted many.
  name text collate "C" not null,
  uid text,
  before text,
  after text,
  received timestamptz not null,
  done timestamptz not null,
  manager text,
  actor jsonb not null,
  arrived timestamptz not null,
  primary key (cluster_id, id)
);
create index audit_event_object on audit_event (cluster_id, kind, namespace, name);
create index audit_event_arrived on audit_event (cluster_id, arrived);

-- Where audit events come from: webhook, or file:PATH.
create table audit_source (
  cluster_id int not null,
  source text collate "C" not null,
  first_seen timestamptz not null,
  -- Up to where a file was read.
  position jsonb,
  events bigint not null default 0,
  unnamed bigint not null default 0,
  malformed bigint not null default 0,
  malformed_reason text,
  malformed_at timestamptz,
  last_event timestamptz,
  last_arrival timestamptz,
  lag_ms bigint,
  -- Why nothing comes.
  fault text,
  primary key (cluster_id, source)
);
`;
