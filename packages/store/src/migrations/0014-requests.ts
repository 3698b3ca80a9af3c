/**
 * What annotations ask for is kept among the exceptions, so that it has a number and can be answered: the object and the
 * control that it is about, and the change that brought it. And who ended or refused something, and when.
 */
export const REQUESTS = `
alter table exception
  add column revoked_by text,
  add column revoked_at timestamptz,
  add column cluster_id int,
  add column kind text collate "C",
  add column namespace text collate "C",
  add column name text collate "C",
  add column control text collate "C",
  add column annotation text,
  add column change_id bigint;
create unique index exception_request on exception (cluster_id, kind, namespace, name, control, md5(reason), until)
  nulls not distinct where annotation is not null;
create index finding_decided on finding (cluster_id) where exception is not null or requested is not null;
`;
