/**
 * Where a clock was wrong, so that it can be said: the moments of a history that lie ahead, as the clock of a hub did, and how far the
 * clock of an API server is from the hub's.
 */
export const CLOCK_AHEAD = `
create table clock_ahead (
  cluster_id int not null,
  -- The clock of the hub when it was found to say less than the last moment that was written.
  since timestamptz not null,
  -- The last moment that was written ahead of it.
  until timestamptz not null,
  primary key (cluster_id, since)
);

alter table cluster
  -- How many seconds the clock of its API server is ahead of the hub's, 0 where they agree; null where it is not known.
  add column clock_skew int,
  -- Since when they do not agree; null where they do.
  add column clock_differs_since timestamptz;
`;
