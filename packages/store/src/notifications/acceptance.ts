import { fullActorOf } from '../write/actor.ts';

const SAID = 'cluster_id, fingerprint, valid_from, requested, change_id';

/**
 * SQL for what last accepted a finding and how that ended, as `GatheredEnd`; null where it is in no version that is kept.
 *
 * @param cluster its number.
 * @param row of which the fingerprint is asked.
 */
export function acceptanceOf(cluster: string, row: string): string {
  return `(
    select jsonb_build_object('at', p.valid_to, 'exception', p.exception, 'requested', n.requested,
      'revokedBy', (select e.revoked_by from exception e
        where e.id = (p.exception->>'id')::int and not p.exception ? 'annotation' and e.state = 'revoked'),
      'changedBy', (select ${fullActorOf('c')} from change c
        where c.cluster_id = ${cluster} and c.id = n.change_id and n.change_id is distinct from p.change_id))
    from finding_past p left join lateral (
      select * from (select ${SAID} from finding union all select ${SAID} from finding_past) v
      where v.cluster_id = ${cluster} and v.fingerprint = ${row}.fingerprint and v.valid_from >= p.valid_to
      order by v.valid_from limit 1
    ) n on true
    where p.cluster_id = ${cluster} and p.fingerprint = ${row}.fingerprint and p.exception is not null
    order by p.valid_to desc limit 1)`;
}
