/** Objects by their labels, whole and in lower case as a query compares them: few of very many have one. */
export const RESOURCE_LABELS = `
create function label_words(labels jsonb) returns text[] language sql immutable parallel safe
  return array(select lower(key || '=' || value) from jsonb_each_text(labels));
create index resource_labels on resource using gin (label_words(labels)) with (gin_pending_list_limit = 2048);
`;
