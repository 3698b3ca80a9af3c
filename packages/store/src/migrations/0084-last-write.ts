/** What was written last of a cluster: a database that has gone back to an earlier state has an earlier one. */
export const LAST_WRITE = `
alter table cluster add column last_write uuid not null default gen_random_uuid();
`;
