/**
 * The changes that asked for the same in the same words before the last one did, the last first: whoever made one of them
 * is not the second person. Of what was asked before this step the one change is known that asked first.
 */
export const EARLIER_ASKERS = `
alter table exception add column earlier_changes bigint[] not null default '{}';
`;
