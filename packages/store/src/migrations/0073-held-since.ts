/**
 * What is held back says who would have read it, and as of when it knows what was before: that holds for as long as no other route tells
 * the same reader something since. Of what was held back before nobody knows.
 */
export const HELD_SINCE = `
alter table held_finding
  -- Null is the channel itself.
  add column reader text[],
  -- The first notice of which what was before knows nothing; null where that was not kept.
  add column was_since bigint;
`;
