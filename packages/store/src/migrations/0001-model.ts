/** The model: inventory and findings, live and past, decisions, and who may do what. */
export const MODEL = `
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
  kinds jsonb not null default '[]',
  unique (uid, ca_hash)
);

create table body (hash uuid primary key, content jsonb not null);

create table resource (
  cluster_id int not null,
  kind text not null,
  namespace text not null,
  name text not null,
  api_version text not null,
  uid text not null,
  owner_kind text not null,
  owner_name text not null,
  body_hash uuid not null,
  digest uuid not null,
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
);
create index resource_owner on resource (cluster_id, owner_kind, namespace, owner_name) where kind = 'Pod';
create index resource_workload on resource (cluster_id, namespace, name) where is_workload;
create index resource_body on resource (body_hash);

create table resource_past (like resource, valid_to timestamptz not null) partition by range (valid_to);
create index resource_past_name on resource_past (cluster_id, kind, namespace, name, valid_to);
create index resource_past_body on resource_past (body_hash);

create table change (
  cluster_id int not null,
  id bigint generated always as identity,
  at timestamptz not null,
  kind text not null,
  namespace text not null,
  name text not null,
  api_version text not null,
  verb text not null,
  actor jsonb not null,
  before uuid,
  after uuid,
  opened int not null default 0,
  resolved int not null default 0,
  primary key (cluster_id, id)
);
create index change_at on change (cluster_id, at desc, id desc);
create index change_object on change (cluster_id, kind, namespace, name, at desc);

create table finding (
  cluster_id int not null,
  fingerprint uuid not null,
  digest uuid not null,
  control text not null,
  severity smallint not null,
  kind text not null,
  api_version text not null,
  namespace text not null,
  name text not null,
  container text,
  path text not null,
  message text not null,
  fixable boolean not null,
  exception jsonb,
  requested jsonb,
  team text,
  environment text,
  criticality text,
  first_seen timestamptz not null,
  valid_from timestamptz not null,
  change_id bigint,
  primary key (cluster_id, fingerprint)
);
create index finding_severity on finding (cluster_id, severity desc, fingerprint);
create index finding_first_seen on finding (cluster_id, first_seen desc, fingerprint);
create index finding_control on finding (cluster_id, control, severity desc, fingerprint);
create index finding_object on finding (cluster_id, namespace, kind, name);
create index finding_team on finding (cluster_id, team, severity desc, fingerprint);

create table finding_past (like finding, valid_to timestamptz not null, resolved_by bigint, is_resolved boolean not null)
  partition by range (valid_to);
create index finding_past_fingerprint on finding_past (cluster_id, fingerprint, valid_to);
create index finding_past_time on finding_past (cluster_id, valid_to);

create table counter (
  cluster_id int not null,
  namespace text not null,
  control text not null,
  severity smallint not null,
  team text not null,
  open int not null default 0,
  excepted int not null default 0,
  primary key (cluster_id, namespace, control, severity, team)
);

create table posture_day (
  cluster_id int not null,
  day date not null,
  namespace text not null,
  severity smallint not null,
  open int not null,
  primary key (cluster_id, day, namespace, severity)
);

create table coverage (
  cluster_id int not null,
  code text not null,
  subject text not null,
  kind text not null,
  reason text not null,
  remedy text,
  since timestamptz not null,
  primary key (cluster_id, code, subject)
);

create table triage (
  cluster_id int not null,
  fingerprint uuid not null,
  assignee text,
  acknowledged boolean not null default false,
  deferred_until timestamptz,
  primary key (cluster_id, fingerprint)
);

create table comment (
  id bigint generated always as identity primary key,
  cluster_id int not null,
  fingerprint uuid not null,
  author text not null,
  at timestamptz not null,
  text text not null
);
create index comment_finding on comment (cluster_id, fingerprint, at);

create table exception (
  id int generated always as identity primary key,
  scope jsonb not null,
  reason text not null,
  owner text,
  until date,
  state text not null,
  created_by text not null,
  created_at timestamptz not null,
  approved_by text,
  approved_at timestamptz
);

create table app_user (
  id int generated always as identity primary key,
  name text not null unique,
  password text,
  role text not null,
  limits jsonb not null,
  failures int not null default 0,
  failed_at timestamptz,
  last_seen timestamptz,
  created_at timestamptz not null
);

create table link (
  hash bytea primary key,
  user_id int not null references app_user on delete cascade,
  expires timestamptz not null
);

create table session (
  hash bytea primary key,
  user_id int not null references app_user on delete cascade,
  csrf text not null,
  created_at timestamptz not null,
  expires timestamptz not null
);

create table token (
  id int generated always as identity primary key,
  hash bytea not null unique,
  name text not null,
  role text not null,
  limits jsonb not null,
  owner text not null,
  created_at timestamptz not null,
  expires timestamptz not null,
  last_used timestamptz
);

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  actor text not null,
  address text,
  action text not null,
  subject text not null,
  outcome text not null
);
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only';
end $$;
create trigger audit_append_only before update or delete or truncate on audit execute function refuse_change();

create table channel (
  id int generated always as identity primary key,
  name text not null unique,
  type text not null,
  settings jsonb not null,
  secrets bytea not null,
  created_at timestamptz not null
);

create table route (
  id int generated always as identity primary key,
  channel_id int not null references channel on delete cascade,
  severity smallint not null,
  owners text[],
  namespaces text[],
  digest_minutes int not null,
  tells_resolved boolean not null,
  created_at timestamptz not null
);
create function fits(value text, patterns text[]) returns boolean language sql immutable as $$
  select patterns is null or exists (select from unnest(patterns) as p where value like
    replace(replace(replace(replace(p, '!', '!!'), '%', '!%'), '_', '!_'), '*', '%') escape '!')
$$;

create table notice (
  id bigint generated always as identity primary key,
  cluster_id int not null,
  is_first boolean not null,
  is_resolved boolean not null,
  fingerprint uuid not null,
  control text not null,
  severity smallint not null,
  kind text not null,
  namespace text not null,
  name text not null,
  message text not null,
  team text,
  change_id bigint
);

create table delivery (
  id bigint generated always as identity primary key,
  message_id uuid not null default gen_random_uuid(),
  channel_id int not null references channel on delete cascade,
  route_id int references route on delete set null,
  cluster_id int,
  topic text not null,
  key text not null,
  change_id bigint,
  state text not null,
  message jsonb,
  at timestamptz not null,
  due timestamptz not null,
  attempts int not null default 0,
  answer text,
  done_at timestamptz
);
create unique index delivery_gathering on delivery (route_id, key) where state = 'gathering';
create index delivery_due on delivery (due, id) where state in ('gathering', 'waiting', 'sending');

create table delivery_item (
  delivery_id bigint not null references delivery on delete cascade,
  id bigint not null,
  is_resolved boolean not null,
  fingerprint uuid not null,
  control text not null,
  severity smallint not null,
  kind text not null,
  namespace text not null,
  name text not null,
  message text not null,
  team text,
  primary key (delivery_id, id)
);

create table setting (name text primary key, value jsonb not null);
`;
