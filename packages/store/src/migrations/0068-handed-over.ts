/** What waits to be told says whether it was open already, as another's, and whose: of what was gathered before nobody knows. */
export const HANDED_OVER = `
alter table delivery_item
  add column is_move boolean not null default false,
  -- Whose it was before; null is nobody.
  add column was_team text;
`;
