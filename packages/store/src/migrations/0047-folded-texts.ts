/**
 * Owners and labels of objects, and paths of findings, are folded as queries fold them, whatever the locale of the database makes of
 * a letter. What is known of their values is found out at once, as a plan is made of it. And the first of messages is so by its bytes.
 */
export const FOLDED_TEXTS = `
drop index resource_team, resource_labels;
create index resource_team on resource (cluster_id, lower(coalesce(team, '') collate "C"), namespace, kind, name);
create or replace function label_words(labels jsonb) returns text[] language sql immutable parallel safe
  return array(select lower((key || '=' || value) collate "C") from jsonb_each_text(labels));
create index resource_labels on resource using gin (label_words(labels)) with (gin_pending_list_limit = 2048);
drop statistics finding_path;
create statistics finding_path on (lower(path collate "C")) from finding;
analyze resource, finding;
alter table counter alter column example type text collate "C", alter column fixable_example type text collate "C";
alter table object_counter alter column example type text[] collate "C", alter column fixable_example type text[] collate "C";
`;
