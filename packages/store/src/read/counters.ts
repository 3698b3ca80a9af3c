import { type RawBuilder, sql } from 'kysely';

const PLACE = sql.raw('cluster_id, namespace, control, severity, team');
const PLACE_OF_FINDING = sql.raw(`cluster_id, namespace, control, severity, coalesce(team, '') as team`);

/**
 * Open and excepted findings by place, control, severity and team, now or as of a moment: what there is now, without what
 * came since, with what went since. Cost: the sums, and what came and went.
 */
export function countersAt(asOf: Date | undefined): RawBuilder<unknown> {
  if (asOf === undefined) return sql`(select ${PLACE}, open, excepted from counter)`;
  const signed = (sign: number) => sql`case when exception is null then ${sql.lit(sign)} else 0 end as open,
    case when exception is null then 0 else ${sql.lit(sign)} end as excepted`;
  return sql`(
    select ${PLACE}, sum(open)::int as open, sum(excepted)::int as excepted from (
      select ${PLACE}, open, excepted from counter
      union all
      select ${PLACE_OF_FINDING}, ${signed(-1)} from finding where valid_from > ${asOf}
      union all
      select ${PLACE_OF_FINDING}, ${signed(1)} from finding_past where valid_from <= ${asOf} and valid_to > ${asOf}
    ) moved group by ${PLACE} having sum(open) <> 0 or sum(excepted) <> 0)`;
}
