/**
 * Requests about the status of an object, which may write its annotations: all of one person within an hour are one. And creations
 * whose name is not known: they are looked for by the second in which something was created.
 */
export const WRITES_OF_STATUS = `
alter table audit_event add column is_of_status boolean not null default false;
create index audit_event_unnamed on audit_event (cluster_id, kind, namespace, done) where name = '' and effect = 'created';
`;
