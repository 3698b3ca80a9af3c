/** Objects by who owns them: the order of a list, and what a query for an owner finds among very many. */
export const RESOURCE_OWNERS = `
create index resource_team on resource (cluster_id, coalesce(lower(team), ''), namespace, kind, name);
`;
