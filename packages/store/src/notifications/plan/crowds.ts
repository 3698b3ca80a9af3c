import { ownerOf } from '../../read/owner.ts';
import { forWhom, ROUTE } from './terms.ts';

/** Messages of one route about one cluster within a minute; what would be more is one digest. */
const MOST_MESSAGES = 20;

/** What is said, with its `owner`, `for_whom` and `cause`: what has the same of a cluster is one message, where it is no digest. */
const MATCHED = `matched as (
  select *, case when change_id is null then 'control ' || control else 'change ' || change_id end || for_whom as cause
  from (select *, ${ownerOf('said')} as owner, ${forWhom('said')} as for_whom from said) s
)`;

/** Messages of these routes that gather or were made within a minute, each once: what is applied at once comes here bit by bit. */
const RECENT = `recent as (
  select id, route_id, cluster_id, key, topic, state from delivery
  where route_id in (select route_id from matched) and state = 'gathering'
  union select id, route_id, cluster_id, key, topic, state from delivery
  where route_id in (select route_id from matched) and at > $1::timestamptz - interval '1 minute'
)`;

/** Where there would be too many messages, or a digest of them gathers already: `route_id` and `cluster_id`. */
const CROWD = `crowd as (
  select route_id, cluster_id from (
    select route_id, cluster_id, cluster_id || ' ' || cause as message, false as is_digest from matched where not is_first
    union all select route_id, cluster_id, case state when 'gathering' then key else id::text end,
      state = 'gathering' and topic = 'digest' from recent) m
  group by 1, 2 having count(distinct message) > ${MOST_MESSAGES} or bool_or(is_digest)
)`;

/** Single messages of a crowd that gather, unless another hub is at them: each a delivery, with its route. */
const CROWDED = `crowded as (
  select v.id, v.cluster_id, v.contact_of, v.reader, ${ROUTE} from delivery v join crowd using (route_id, cluster_id)
  join routing r on r.id = v.route_id
  where v.state = 'gathering' and v.topic in ('control', 'change') for update of v skip locked
)`;

/** What these had gathered. Their messages stay, with nothing to tell: another hub may be adding to them. */
const REGATHERED = `regathered as (
  delete from delivery_item g using crowded c where g.delivery_id = c.id
  returning g.*, c.cluster_id, c.route_id, c.channel_id, c.digest_minutes, c.contact_of, c.reader
)`;

/** Steps of a plan: what is one digest, as it would be too many messages, with those that have not gone yet. */
export const CROWDS = [MATCHED, RECENT, CROWD, CROWDED, REGATHERED];
