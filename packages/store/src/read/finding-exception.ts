import { type RawBuilder, sql } from 'kysely';
import { ownNamespaceOf } from '../place.ts';
import type { RelatedColumn } from './query-sql.ts';

/** A finding as expressions, for what was said of it. */
interface Decided {
  /** The relation. */
  readonly of: RawBuilder<unknown>;
  /** The namespace that Kubernetes gives its object. */
  readonly namespace: RawBuilder<unknown>;
  /** The exception that it stands under, or that is asked for. */
  readonly said: RawBuilder<unknown>;
}

/** Whether a finding stands under what an annotation asks for, as the row `e` of `exception` has it. */
export function isOfRequest({ of, namespace, said }: Decided): RawBuilder<boolean> {
  return sql<boolean>`(e.annotation is not null and e.cluster_id = ${of}.cluster_id and e.kind = ${of}.kind
    and e.namespace = ${namespace} and e.name = ${of}.name and e.control = ${of}.control
    and e.reason = ${said}->>'reason' and e.until is not distinct from (${said}->>'until')::date)`;
}

const SAID = sql`coalesce(t.exception, t.requested)`;
const HERE: Decided = { of: sql`t`, namespace: sql.raw(ownNamespaceOf('t')), said: SAID };

/** The number of the exception of the hub, or of what an annotation asks for, that a finding `t` stands under. */
const NUMBER = sql`case when ${SAID}->>'origin' = 'hub' then (${SAID}->>'id')::int when ${SAID}->>'annotation' is not null
  then (select e.id from exception e where ${isOfRequest(HERE)} limit 1) end`;

/** Of most findings nothing was said, and an index has the others. */
export const EXCEPTION_COLUMN: RelatedColumn = {
  type: 'related',
  column: { type: 'number', sql: NUMBER },
  within: (condition) =>
    sql<boolean>`((t.exception is not null or t.requested is not null) and ${condition})`,
};
