/** Messages say which findings were items, so that the end of an item is one, too. Of those before nobody knows: they may have been. */
export const TOLD_ITEMS = `
alter table told_finding add column is_item boolean not null default true;
`;
