import type { Store } from '../store.ts';
import type { ChannelRecord } from './channels.ts';

/** What a channel has not got. */
export interface ChannelFailure {
  /** When the oldest of these messages was first to be sent. */
  readonly since: Date;
  /** How many failed and are tried again. */
  readonly waiting: number;
  /** How many were given up since the last message came. */
  readonly givenUp: number;
  /** What became of the last attempt of the newest of them, those that are tried again first. */
  readonly answer: string | null;
}

// What is broken off, or not sent again as its route was removed, counts no failure and says nothing of its receiver; neither does a
// test that fails, of which somebody reads the answer. One that comes shows that the channel works again.
const FAILING = `
with sent as (
  select channel_id, max(done_at) as at from delivery where state = 'sent' group by 1
), failing as (
  select d.id, d.channel_id, d.state = 'failed' as is_over, d.answer, coalesce((d.message ->> 'at')::timestamptz, d.at) as since
  from delivery d left join sent s using (channel_id)
  where d.failures > 0 and exists (select from route r where r.channel_id = d.channel_id)
    and (d.state in ('waiting', 'sending') or d.state = 'failed' and (s.at is null or d.done_at > s.at))
)
select channel_id as id, min(since) as since, count(*) filter (where not is_over)::int as waiting,
  count(*) filter (where is_over)::int as "givenUp",
  (array_agg(answer order by is_over, id desc))[1] as answer
from failing group by 1`;

/** Which channels have not got something, by id. One to which no route leads is left alone, and is none of them. */
export async function failingChannels({
  pool,
}: Store): Promise<ReadonlyMap<ChannelRecord['id'], ChannelFailure>> {
  const { rows } = await pool.query<ChannelFailure & Pick<ChannelRecord, 'id'>>(FAILING);
  return new Map(rows.map(({ id, ...failure }) => [id, failure]));
}
