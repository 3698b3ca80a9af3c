import { type RawBuilder, sql } from 'kysely';

const DAY_MS = 86_400_000;
const PLACE = sql.raw('cluster_id, namespace, control, severity');

/**
 * Open and excepted findings by place, control and severity, now or as of a moment: what there was at the next midnight of which
 * sums are kept, else what there is now, without what came since the moment, with what went since. Cost: the sums, and what came
 * and went in between.
 */
export function countersAt(asOf: Date | undefined): RawBuilder<unknown> {
  if (asOf === undefined) return sql`(select ${PLACE}, open, excepted from counter)`;
  const nextDay = new Date(asOf.getTime() + DAY_MS);
  return sql`(
    with base as (
      select c.id, (select min(p.at) from past_counter p where p.cluster_id = c.id and p.at >= ${asOf}) as at from cluster c
    ), near as (
      select id, at from base where at <= ${nextDay}
    ), far as (
      select id, at from base where at > ${nextDay} or at is null
    )
    select ${PLACE}, sum(open)::int as open, sum(excepted)::int as excepted from (
      select p.cluster_id, s.* from base b join past_counter p on p.cluster_id = b.id and p.at = b.at,
        unnest(p.namespaces, p.controls, p.severities, p.open, p.excepted) as s(namespace, control, severity, open, excepted)
      union all
      select k.cluster_id, k.namespace, k.control, k.severity, k.open, k.excepted
      from base b join counter k on k.cluster_id = b.id where b.at is null
      union all
      ${movedSince(asOf, { base: 'near', to: sql`b.at`, most: nextDay })}
      union all
      ${movedSince(asOf, { base: 'far', to: sql`coalesce(b.at, 'infinity')` })}
    ) moved group by ${PLACE} having sum(open) <> 0 or sum(excepted) <> 0)`;
}

/**
 * What came and went between a moment and the sums that are kept, as what is to be added to these: one row for each.
 *
 * @param most no later than which all of these sums are; a number that the planner sees, else it takes a third of all findings for
 * what moved and may read them all.
 */
function movedSince(
  asOf: Date,
  { base, to, most }: { readonly base: string; readonly to: RawBuilder<unknown>; readonly most?: Date },
): RawBuilder<unknown> {
  const from = sql`${sql.ref(base)} b join`;
  const until = (column: string): RawBuilder<unknown> =>
    most === undefined
      ? sql`${sql.ref(column)} <= ${to}`
      : sql`${sql.ref(column)} <= ${to} and ${sql.ref(column)} <= ${most}`;
  return sql`
      select b.id, ${signed(-1)} from ${from} finding f
        on f.cluster_id = b.id and f.valid_from > ${asOf} and ${until('f.valid_from')}
      union all
      select b.id, ${signed(-1)} from ${from} finding_past f
        on f.cluster_id = b.id and f.valid_from > ${asOf} and ${until('f.valid_from')} and f.valid_to > b.at
      union all
      select b.id, ${signed(1)} from ${from} finding_past f on f.cluster_id = b.id
        and f.valid_from <= ${asOf} and f.valid_to > ${asOf} and ${until('f.valid_to')}`;
}

/**
 * What adds up to the same by team as well: what there is now, and each finding that came or went since. Always from what there is
 * now: a finding that moves to another team is no new version of it, so that sums by team of a midnight would not hold. Cost: one
 * pass over what moved since.
 */
export function ownerCountersAt(asOf: Date): RawBuilder<unknown> {
  const of = (sign: number) => sql`f.cluster_id, ${signed(sign)}, coalesce(f.team, '') as team`;
  return sql`(
    select ${PLACE}, open, excepted, team from counter
    union all
    select ${of(-1)} from finding f where f.valid_from > ${asOf}
    union all
    select ${of(1)} from finding_past f where f.valid_from <= ${asOf} and f.valid_to > ${asOf})`;
}

/** A finding as a sum that is added or taken away. */
function signed(sign: number): RawBuilder<unknown> {
  const number = sql.lit(sign);
  return sql`f.namespace, f.control, f.severity, case when f.exception is null then ${number} else 0 end,
    case when f.exception is null then 0 else ${number} end`;
}
