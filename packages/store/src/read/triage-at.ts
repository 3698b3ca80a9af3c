import { type RawBuilder, sql } from 'kysely';

/** Parts of the triage as the log names them, with what a row of the log or of the triage says of each. */
const PARTS = {
  assignee: sql`e.change ->> 'assignee'`,
  acknowledged: sql`(e.change ->> 'acknowledged')::boolean`,
  deferredUntil: sql`(e.change ->> 'deferredUntil')::timestamptz`,
} as const;

/**
 * The triage of findings, at most a row for each, now or as of a moment. What was set by a moment is told by the log; a part that
 * the log has nothing of was set before it began, and is what it was. A row may say that nothing was decided yet.
 */
export function triageAt(asOf: Date | undefined): RawBuilder<unknown> {
  if (asOf === undefined) return sql`triage`;
  const partAt = (name: keyof typeof PARTS, now: RawBuilder<unknown>, none: RawBuilder<unknown>) => {
    const events = sql`triage_event e where e.cluster_id = n.cluster_id and e.fingerprint = n.fingerprint
      and jsonb_exists(e.change, ${sql.lit(name)})`;
    const isBefore = sql`e.at <= ${asOf}::timestamptz`;
    return sql`case
      when exists (select from ${events} and ${isBefore})
        then (select ${PARTS[name]} from ${events} and ${isBefore} order by e.at desc, e.id desc limit 1)
      when exists (select from ${events}) then ${none} else ${now} end`;
  };
  return sql`(select n.cluster_id, n.fingerprint,
    ${partAt('assignee', sql`n.assignee`, sql`null`)} as assignee,
    ${partAt('acknowledged', sql`n.acknowledged`, sql`false`)} as acknowledged,
    ${partAt('deferredUntil', sql`n.deferred_until`, sql`null`)} as deferred_until
    from triage n)`;
}
