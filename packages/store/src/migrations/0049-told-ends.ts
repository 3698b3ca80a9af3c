/** Messages say of each finding whether they told that it has ended, so that whoever was told that it is there is told that, too. */
export const TOLD_ENDS = `
alter table told_finding add column is_resolved boolean not null default false;
-- Of what is there now they have told that at the end, as far as anybody knows.
update told_finding o set is_resolved = true
from delivery d where d.id = o.delivery_id and not exists (
  select from finding f where f.cluster_id = d.cluster_id and f.fingerprint = o.fingerprint);
create index told_finding_finding on told_finding (fingerprint);
create index delivery_item_finding on delivery_item (fingerprint);
`;
