/**
 * Since when a cluster is seen without an outage: what it lacks counts from then on, as its kinds come back one after the other. Of one
 * that is seen as this step is taken nothing else is known than since when it is there.
 */
export const LIVE_SINCE = `
-- Null where it is away, or was not yet seen.
alter table cluster add column live_since timestamptz;
update cluster set live_since = first_seen where state = 'live';
`;
