/** What was noted of clusters says which channel was told of it, so that several routes to one tell it once. */
export const TOLD_OPERATIONS = `
-- Null where nobody was, as it was so before there was the route.
alter table trouble add column channel_id int references channel on delete set null;
update trouble t set channel_id = r.channel_id from route r
where r.id = t.route_id and (t.subject = 'away' or t.since > r.created_at);
`;
