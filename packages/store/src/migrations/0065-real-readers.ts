/**
 * Messages say who really reads them: a channel that is told in place of a contact is not told again by a route to the channel, and
 * contacts that several owners have in common are told once.
 */
export const REAL_READERS = `
alter table delivery
  -- The contacts of an owner that get it, in one order; null where the channel does.
  add column reader text[];
update delivery d set reader = array(select distinct contact from unnest(d.contacts) as contact order by 1) from channel c
where c.id = d.channel_id and c.type <> 'webhook' and d.contacts <> '{}'
  and (d.recipient is null or d.recipient like '%, the contact of the owner%');
alter table delivery drop column contacts;

-- What is not made yet goes to the contacts of its objects; where these say nothing, to the channel.
update delivery d set reader = x.reader from (
  select e.id, array_agg(distinct contact) as reader from delivery e join channel c on c.id = e.channel_id
  join delivery_item i on i.delivery_id = e.id
  join resource r on r.cluster_id = e.cluster_id and r.kind = i.kind and r.namespace = i.namespace and r.name = i.name
  cross join unnest(r.contacts) as contact
  where e.message is null and e.contact_of is not null and c.type <> 'webhook' group by 1) x
where x.id = d.id;
-- Their keys say nothing of who reads them: nothing is added to these.
update delivery set key = 'before readers ' || id where state = 'gathering' and contact_of is not null;
`;
