/** What builds say of what they judged. */
export const BUILDS = `
create table build_record (
  id bigint generated always as identity primary key,
  -- Of all that it says but the time: the same posted twice is one.
  digest bytea not null unique,
  repository text collate "C" not null,
  commit text collate "C" not null,
  ref text,
  run text,
  author text,
  system text not null,
  verdict text not null,
  fail_on text not null,
  controls int not null,
  -- Open findings by severity, info first.
  counts int[] not null,
  at timestamptz not null,
  received_at timestamptz not null,
  posted_by text not null,
  -- The limits of who posted it; null for none. It says nothing of what lies outside.
  clusters int[],
  namespaces text[]
);
create index build_record_received on build_record (received_at);

-- Manifests by their content, as most stay the same from build to build.
create table build_manifest (
  hash bytea primary key,
  content jsonb not null
);

create table build_object (
  record_id bigint not null references build_record on delete cascade,
  kind text collate "C" not null,
  -- As written; empty where it was left open.
  namespace text collate "C" not null,
  name text collate "C" not null,
  fingerprint uuid not null,
  hash bytea not null references build_manifest,
  -- Its images without tag and digest.
  images text[] not null,
  primary key (record_id, kind, namespace, name, hash)
);
create index build_object_name on build_object (kind, name, record_id);
create index build_object_hash on build_object (hash);

create table build_image (
  record_id bigint not null references build_record on delete cascade,
  name text collate "C" not null,
  digest text collate "C" not null,
  made boolean not null,
  primary key (record_id, name, digest)
);
create index build_image_digest on build_image (digest, record_id);
create index build_image_name on build_image (name, record_id);
`;
