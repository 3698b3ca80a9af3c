/** Who decided what about a finding, and when; what is not set in a row stayed as it was. */
export const TRIAGE_LOG = `
create table triage_event (
  cluster_id int not null,
  id bigint generated always as identity,
  fingerprint uuid not null,
  at timestamptz not null,
  author text not null,
  -- Parts of the triage that were set, as the API names them.
  change jsonb not null,
  primary key (cluster_id, id)
);
create index triage_event_finding on triage_event (cluster_id, fingerprint, at);
create index triage_event_at on triage_event (at);
`;
