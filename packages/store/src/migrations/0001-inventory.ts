/**
 * Clusters and what they hold, live and past. Text by which rows are found or ordered is compared by its bytes, so that a
 * pattern such as pay* finds its index in every database.
 */
export const INVENTORY = `
create table cluster (
  id int generated always as identity primary key,
  uid text not null,
  ca_hash text not null,
  name text not null,
  server text not null,
  version text not null default '',
  is_demo boolean not null default false,
  state text not null default 'connecting',
  reason text,
  first_seen timestamptz not null,
  last_seen timestamptz,
  -- The moment of the last batch: moments never go back, whatever the clock does.
  written_at timestamptz,
  kinds jsonb not null default '[]',
  unique (uid, ca_hash)
);

create table body (
  cluster_id int not null,
  hash uuid not null,
  content jsonb not null,
  primary key (cluster_id, hash)
);

create table resource (
  cluster_id int not null,
  kind text collate "C" not null,
  namespace text collate "C" not null,
  name text collate "C" not null,
  api_version text not null,
  uid text not null,
  owner_kind text collate "C" not null,
  owner_name text collate "C" not null,
  body_hash uuid not null,
  -- What is an object's own, but the same in its siblings: the owner, the images that run. A body, or none.
  kin_hash uuid,
  digest uuid not null,
  -- Without what kin and columns hold.
  instance jsonb not null,
  labels jsonb not null,
  is_workload boolean not null,
  images text[] not null,
  service_account text not null,
  team text,
  environment text,
  criticality text,
  first_seen timestamptz not null,
  valid_from timestamptz not null,
  primary key (cluster_id, kind, namespace, name)
) with (fillfactor = 80);
create index resource_owner on resource (cluster_id, owner_kind, namespace, owner_name) where kind = 'Pod';
create index resource_workload on resource (cluster_id, namespace, name) where is_workload;
create index resource_name on resource (cluster_id, lower(name));
create index resource_body on resource (cluster_id, body_hash);

-- Labels are null where they are those of the body and the instance: of pods, of which there are many.
create table resource_past (
  cluster_id int not null,
  kind text collate "C" not null,
  namespace text collate "C" not null,
  name text collate "C" not null,
  api_version text not null,
  uid text not null,
  owner_kind text collate "C" not null,
  owner_name text collate "C" not null,
  body_hash uuid not null,
  kin_hash uuid,
  instance jsonb not null,
  labels jsonb,
  is_workload boolean not null,
  images text[] not null,
  service_account text not null,
  team text,
  environment text,
  criticality text,
  first_seen timestamptz not null,
  valid_from timestamptz not null,
  valid_to timestamptz not null
) partition by range (valid_to);
create index resource_past_name on resource_past (cluster_id, kind, namespace, name, valid_to);
create index resource_past_time on resource_past (cluster_id, valid_from, valid_to);
create index resource_past_body on resource_past (cluster_id, body_hash);

create table change (
  cluster_id int not null,
  id bigint generated always as identity,
  at timestamptz not null,
  kind text collate "C" not null,
  namespace text collate "C" not null,
  name text collate "C" not null,
  api_version text not null,
  verb text not null,
  actor jsonb not null,
  before uuid,
  after uuid,
  opened int not null default 0,
  resolved int not null default 0,
  primary key (cluster_id, id, at)
) partition by range (at);
create index change_at on change (cluster_id, at, id);
create index change_object on change (cluster_id, kind, namespace, name, at);
`;
