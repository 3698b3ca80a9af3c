/** Notices say what was before, and what a route is not told while it is deferred waits for the end of that. */
export const HELD_FINDINGS = `
alter table notice
  -- The severity that it had before; null where it was not there.
  add column was smallint,
  add column was_accepted boolean not null default false;
update notice set was = severity where is_resolved;

alter table delivery_item
  add column was smallint,
  add column was_accepted boolean not null default false,
  -- Until when it was deferred, where that is why it is told now.
  add column deferred_until timestamptz;
update delivery_item set was = severity where is_resolved;

create table held_finding (
  route_id int not null references route on delete cascade,
  cluster_id int not null,
  fingerprint uuid not null,
  was smallint,
  was_accepted boolean not null,
  primary key (route_id, cluster_id, fingerprint)
);
`;
