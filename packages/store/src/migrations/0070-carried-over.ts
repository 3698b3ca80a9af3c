/**
 * What waits to be told says where what was before it comes from: of what is not told itself, that is carried over to what the route tells
 * next, and holds for as long as no other route tells the same reader something since. Of what was carried over before nobody knows.
 */
export const CARRIED_OVER = `
-- The first notice of which what was before knows nothing; null where that is its own.
alter table delivery_item add column was_since bigint;
`;
