/**
 * Views that were kept with a token belong to the person behind it. Tokens of several people may have one name, and some that
 * kept views are gone: nobody knows whose those are, so what nobody shares of them goes, and what is shared stays as it is.
 */
export const VIEWS_OF_PEOPLE = `
with known as (
  select 'token ' || name as token, min(owner) as person from token group by name having count(distinct owner) = 1
), moved as (
  select distinct on (v.list, v.name, k.person) v.id, k.person
  from saved_view v join known k on k.token = v.owner
  where not exists (select from saved_view o where o.list = v.list and o.name = v.name and o.owner = k.person)
  order by v.list, v.name, k.person, v.id desc
)
update saved_view v set owner = m.person from moved m where m.id = v.id;

delete from saved_view where owner like 'token %' and not is_shared;
`;
