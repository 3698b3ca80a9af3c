/**
 * What was resolved says when it was there again, so that what is resolved, now or as of a moment, is known of each row by itself:
 * to look for what came after every one of them took seconds.
 */
export const RETURNED_FINDINGS = `
-- Of what was resolved: when it was there again; null where it is not.
alter table finding_past add column returned_at timestamptz;

update finding_past p set returned_at = n.next
from (
  select cluster_id, fingerprint, valid_to, is_resolved,
    lead(valid_from) over (partition by cluster_id, fingerprint order by valid_to) as next
  from (
    select cluster_id, fingerprint, valid_from, valid_to, is_resolved from finding_past
    union all select cluster_id, fingerprint, valid_from, 'infinity', false from finding
  ) v
) n
where n.is_resolved and n.next is not null
  and (p.cluster_id, p.fingerprint, p.valid_to) = (n.cluster_id, n.fingerprint, n.valid_to);
`;
