/** How many attempts to send a message failed: those that were broken off say nothing of its receiver. */
export const FAILED_ATTEMPTS = `
alter table delivery add column failures int not null default 0;
-- Of one that is being sent, the attempt under way has not failed.
update delivery set failures = attempts - (state = 'sending')::int where state in ('waiting', 'sending');
`;
