/** The words of a finding, as search/words.ts knows them. */
const WORDS = `string_to_array(replace(replace(lower((message || ' ' || path || ' ' || control || ' ' || namespace || ' ' || name || ' ' || coalesce(container, '')) collate "C"), '.', ' '), '/', ' '), ' ')`;

/** What is wrong, live and past, and its sums. */
export const FINDINGS = `
-- The words that live findings have ever had, so that a part of a word finds them.
create table word (
  cluster_id int not null,
  word text collate "C" not null,
  primary key (cluster_id, word)
);

create table finding (
  cluster_id int not null,
  fingerprint uuid not null,
  digest uuid not null,
  control text collate "C" not null,
  severity smallint not null,
  kind text collate "C" not null,
  api_version text not null,
  namespace text collate "C" not null,
  name text collate "C" not null,
  container text,
  path text not null,
  message text not null,
  fixable boolean not null,
  exception jsonb,
  requested jsonb,
  team text collate "C",
  environment text,
  criticality text,
  first_seen timestamptz not null,
  valid_from timestamptz not null,
  change_id bigint,
  primary key (cluster_id, fingerprint)
) with (fillfactor = 95);
create index finding_severity on finding (cluster_id, severity, fingerprint);
create index finding_first_seen on finding (cluster_id, first_seen, fingerprint);
create index finding_valid_from on finding (cluster_id, valid_from);
create index finding_control on finding (cluster_id, control, severity, fingerprint);
create index finding_place on finding (cluster_id, namespace, control);
create index finding_object on finding (cluster_id, namespace, name, kind, fingerprint);
create index finding_name on finding (cluster_id, lower(name), fingerprint);
create index finding_team on finding (cluster_id, lower(coalesce(team, '')), severity, fingerprint);
create index finding_words on finding using gin (${WORDS}) with (gin_pending_list_limit = 2048);

create table finding_past (
  cluster_id int not null,
  fingerprint uuid not null,
  control text collate "C" not null,
  severity smallint not null,
  kind text collate "C" not null,
  api_version text not null,
  namespace text collate "C" not null,
  name text collate "C" not null,
  container text,
  path text not null,
  message text not null,
  fixable boolean not null,
  exception jsonb,
  requested jsonb,
  team text collate "C",
  environment text,
  criticality text,
  first_seen timestamptz not null,
  valid_from timestamptz not null,
  valid_to timestamptz not null,
  change_id bigint,
  resolved_by bigint,
  is_resolved boolean not null
) partition by range (valid_to);
create index finding_past_fingerprint on finding_past (cluster_id, fingerprint, valid_to);
create index finding_past_time on finding_past (cluster_id, valid_from, valid_to);
create index finding_past_severity on finding_past (cluster_id, severity, fingerprint);

-- Sums of live findings. They are counted anew, from the findings, for the places that a batch touched, in its transaction.
create table counter (
  cluster_id int not null,
  namespace text collate "C" not null,
  control text collate "C" not null,
  kind text collate "C" not null,
  severity smallint not null,
  team text collate "C" not null,
  environment text not null,
  criticality text not null,
  open int not null,
  excepted int not null,
  fixable int not null,
  -- Objects with open findings of the control.
  objects int not null,
  oldest timestamptz,
  -- One of the messages: the first by its bytes.
  example text,
  primary key (cluster_id, namespace, control, kind, severity, team, environment, criticality)
) with (fillfactor = 80);

create table object_counter (
  cluster_id int not null,
  namespace text collate "C" not null,
  name text collate "C" not null,
  kind text collate "C" not null,
  team text collate "C" not null,
  environment text not null,
  criticality text not null,
  -- Open, by severity, info first.
  counts int[] not null,
  open int not null,
  excepted int not null,
  fixable int not null,
  -- Of the open ones; -1 where there is none.
  worst smallint not null,
  oldest timestamptz,
  example text,
  primary key (cluster_id, namespace, name, kind)
) with (fillfactor = 80);

-- A day that has rows is complete: namespaces without a row had no open findings.
create table posture_day (
  cluster_id int not null,
  day date not null,
  namespace text collate "C" not null,
  severity smallint not null,
  open int not null,
  primary key (cluster_id, day, namespace, severity)
) with (fillfactor = 80);
`;
