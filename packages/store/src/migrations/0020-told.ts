/** Routes may go to the contacts of owners, or tell of how the hub sees clusters. */
export const TOLD = `
alter table route
  -- What it tells of: findings, or operations.
  add column about text not null default 'findings',
  -- How long a cluster is away, or a fault of coverage is there, before that is told.
  add column away_minutes int not null default 5,
  -- Whether a message goes to the contact of its owner where the channel allows.
  add column to_contact boolean not null default false;

alter table delivery
  add column to_contact boolean not null default false,
  -- Whom the last attempt was for and why, where a contact decides it.
  add column recipient text;

-- What a route has told of and has not seen end, so that it is told once, however often the hub starts.
create table trouble (
  route_id int not null references route on delete cascade,
  cluster_id int not null,
  subject text not null,
  since timestamptz not null,
  primary key (route_id, cluster_id, subject)
);
`;
