/** What people and other programs decide, and who may do what. */
export const PEOPLE = `
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
