/** Why a request was refused, for who asked; null where nobody said, and where it was ended rather than refused. */
export const REFUSAL_REASONS = `
alter table exception add column revoked_because text;
`;
