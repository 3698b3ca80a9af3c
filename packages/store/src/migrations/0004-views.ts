/** Views that people keep, and the query that an exception was made from. */
export const VIEWS = `
create table saved_view (
  id int generated always as identity primary key,
  list text not null,
  name text not null,
  owner text not null,
  is_shared boolean not null,
  -- Query, order, grouping and cluster, as the address of the page has them.
  view jsonb not null,
  created_at timestamptz not null
);
create unique index saved_view_name on saved_view (list, owner, name);

alter table exception add column query text;
`;
