import type { PoolClient } from 'pg';
import type { KindRecord, Sight } from './sight.ts';

/**
 * Keeps from when to when each kind is seen. A start, a list that is under way and an outage end nothing: what was seen before holds.
 * What the cluster does not serve is seen too, as it is known that there is nothing; it has been so from the beginning where no
 * sight before told otherwise. Before all that was listed is judged, nothing is said of it.
 *
 * @param client before the new state of the kinds is written.
 */
export async function writeSeenKinds(
  client: PoolClient,
  cluster: number,
  { at, state, kinds, unserved }: Pick<Sight, 'at' | 'state' | 'kinds' | 'unserved'>,
): Promise<void> {
  if (state !== 'live') return;
  const seen = kinds.filter((each) => each.state === 'live').map(({ kind }) => kind);
  await client.query(SEEN, [cluster, at, seen, unserved, kinds.filter(isLost).map(({ kind }) => kind)]);
}

/** Whether it is known that a kind is not seen; `absent` is what is not asked for, as secrets can be. */
function isLost({ state, reason }: KindRecord): boolean {
  return state === 'denied' || state === 'absent' || (state === 'pending' && reason !== null);
}

const SEEN = `
with ended as (
  update seen_kind set seen_until = greatest(seen_from, $2::timestamptz)
  where cluster_id = $1 and kind = any($5::text[]) and seen_until is null
)
insert into seen_kind as s (cluster_id, kind, seen_from)
select $1, kind, case when is_served or was_told then $2::timestamptz else '-infinity' end
from (
  select kind, true as is_served, false as was_told from unnest($3::text[]) kind
  union all
  select kind, false, exists (select from seen_kind k where k.cluster_id = $1 and k.kind = u.kind)
    or exists (select from cluster c cross join jsonb_array_elements(c.kinds) k where c.id = $1 and k ->> 'kind' = u.kind)
  from unnest($4::text[]) u(kind)
) seen
where not exists (select from seen_kind k where k.cluster_id = $1 and k.kind = seen.kind and k.seen_until is null)
on conflict (cluster_id, kind, seen_from) do update set seen_until = null`;
