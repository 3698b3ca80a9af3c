/**
 * What has ended costs less: an object of the past leaves out what follows from the rest of its row, and is found by the hash
 * of its name. It is written in the order in which it ends, so that moments are found by ranges of pages.
 */
export const SMALL_HISTORY = `
-- Null where it is that of the object itself, as of whatever has no owner; where the first version is this one; and, of what
-- is no workload, where there is none. How an instance is written is told in write/past.ts.
alter table resource_past
  alter column owner_kind drop not null,
  alter column owner_name drop not null,
  alter column images drop not null,
  alter column service_account drop not null,
  alter column first_seen drop not null;
drop index resource_past_name, resource_past_time, change_object;
create index resource_past_name on resource_past (hashtext(name), valid_to);
create index resource_past_time on resource_past using brin (valid_to) with (pages_per_range = 16);
create index change_object on change (hashtext(name), at);
`;
