/**
 * Messages say whose contact they are for and how that was reached, so that whoever was told of a finding is told of its end when it is
 * another's by then; and for which other routes they tell, so that a channel to which several lead is told once.
 */
export const READERS = `
alter table delivery
  -- Whose contact it goes to, as written, empty for what nobody owns; null where it goes to the channel.
  add column contact_of text,
  add column contacts text[];
update delivery set contact_of = substring(key from '^[0-9]+ (?:first|digest|control [^ ]+|change [0-9]+) of (.*)$') where to_contact;
update delivery set contacts = array(select jsonb_array_elements_text(message -> 'contacts'))
where contact_of is not null and jsonb_typeof(message -> 'contacts') = 'array';
alter table delivery drop column to_contact;

alter table told_finding
  -- The last notice of what it tells; null where that was not kept.
  add column as_of bigint,
  -- Routes that were to tell it to the same.
  add column also int[] not null default '{}';

-- Where its own route has not told what it was before: as of which notice another one has to have told it, for that to be known.
alter table delivery_item add column told_since bigint;
-- The notice at which it was held back; null where that was not kept.
alter table held_finding add column as_of bigint;
`;
