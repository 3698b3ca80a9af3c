/** Requests that the API server answered as failed, or not in time: they may have written all the same. */
export const PERHAPS_FAILED = `
alter table audit_event add column may_have_failed boolean not null default false;
`;
