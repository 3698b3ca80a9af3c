import { type RawBuilder, sql } from 'kysely';
import { ownNamespaceOf } from '../place.ts';
import { EXCEPTION_COLUMN } from './finding-exception.ts';
import type { FindingState } from './finding-state.ts';
import { folded } from './folded.ts';
import { OWNER } from './owner.ts';
import type { QueryColumn, QueryColumns } from './query-sql.ts';
import { triageAt } from './triage-at.ts';

/** Moments that narrow what is looked at. */
export interface Times {
  readonly asOf?: Date | undefined;
  readonly since?: Date | undefined;
}

const BASE = sql.raw(
  'cluster_id, fingerprint, control, severity, kind, api_version, namespace, name, container, path, message, causes, fixable, exception, requested, team, environment, criticality, first_seen, valid_from, change_id',
);

/** The namespace that Kubernetes gives the object of a finding `t`. */
export const OWN_NAMESPACE = sql.raw(ownNamespaceOf('t'));

const OPEN: ReadonlySet<FindingState> = new Set(['open']);

/** All that is known of findings; what is open has no end yet. */
const VERSIONS = sql`(
  select ${BASE}, 'infinity'::timestamptz as valid_to, null::timestamptz as returned_at, false as is_resolved from finding
  union all select ${BASE}, valid_to, returned_at, is_resolved from finding_past
) u`;

/**
 * Findings in some states, now or as of a moment. Conditions stand around unions, never in their parts: only then an order is
 * taken from the indexes of the parts. What began by a moment was first seen by then: that is said too, as an estimate of how
 * few were first seen shortly before needs it.
 */
export function findingSource({ asOf, since }: Times, states = OPEN): RawBuilder<unknown> {
  const after = since === undefined ? sql`true` : sql`valid_from > ${since}`;
  const began = asOf === undefined ? sql`true` : sql`valid_from <= ${asOf} and first_seen <= ${asOf}`;
  const lasts = asOf === undefined ? sql`valid_to = 'infinity'` : sql`valid_to > ${asOf}`;
  if (states.has('resolved'))
    return states.size === 1
      ? sql`(select ${BASE}, valid_to from finding_past where ${resolvedBy(asOf)} and ${after})`
      : sql`(select ${BASE}, case when not (${lasts}) then valid_to end as valid_to from ${VERSIONS}
          where ${began} and (${lasts} or ${resolvedBy(asOf)}) and ${after})`;
  return asOf === undefined
    ? sql`(select ${BASE}, null::timestamptz as valid_to from finding where ${after})`
    : sql`(select ${BASE}, null::timestamptz as valid_to from ${VERSIONS} where ${began} and ${lasts} and ${after})`;
}

/** What was resolved and is not there again, now or as of a moment. */
function resolvedBy(asOf: Date | undefined): RawBuilder<unknown> {
  return asOf === undefined
    ? sql`(is_resolved and returned_at is null)`
    : sql`(is_resolved and valid_to <= ${asOf} and (returned_at is null or returned_at > ${asOf}))`;
}

/** What a finding is at the moment of the source. */
export const STATE = sql`case when t.valid_to is not null then 'resolved' when t.exception is not null then 'excepted' else 'open' end`;

/** The condition of being in one of some states. */
export function inStates(states: ReadonlySet<FindingState>): RawBuilder<boolean> {
  if (states.has('open') && states.has('excepted')) return sql<boolean>`true`;
  const isResolved = states.has('resolved') ? sql`t.valid_to is not null` : sql`false`;
  if (states.has('open')) return sql<boolean>`(t.exception is null or ${isResolved})`;
  return states.has('excepted')
    ? sql<boolean>`(t.exception is not null or ${isResolved})`
    : sql<boolean>`${isResolved}`;
}

/** What is known of a finding and of the sums of findings alike. */
export const PLACE_FIELDS = {
  severity: { type: 'rank', sql: sql`t.severity` },
  control: { type: 'text', sql: sql`t.control`, lower: sql`t.control` },
  namespace: { type: 'text', sql: sql`nullif(t.namespace, '')`, lower: sql`t.namespace` },
  kind: { type: 'text', sql: sql`t.kind`, isKind: true },
  owner: { type: 'text', sql: sql`t.team`, lower: OWNER },
  environment: { type: 'text', sql: sql`nullif(t.environment, '')` },
  criticality: {
    type: 'rank',
    sql: sql`array_position(array['non-critical', 'standard', 'crown-jewel'], t.criticality) - 1`,
  },
} as const satisfies Readonly<Record<string, QueryColumn>>;

type Frameworks = ReadonlyMap<string, readonly string[]>;

/** The controls that frameworks ask for. */
export function frameworkColumn(names: Frameworks = new Map()): QueryColumn {
  return { type: 'named', sql: sql`t.control`, names };
}

/** The name of the cluster, looked up once rather than for each row. */
export const CLUSTER_COLUMN: QueryColumn = {
  type: 'related',
  column: { type: 'text', sql: sql`c.name` },
  within: (condition) => sql<boolean>`(t.cluster_id in (select c.id from cluster c where ${condition}))`,
};

function inTriage(asOf: Date | undefined) {
  return (condition: RawBuilder<boolean>): RawBuilder<boolean> =>
    sql<boolean>`((t.cluster_id, t.fingerprint) in (
      select g.cluster_id, g.fingerprint from ${triageAt(asOf)} g where ${condition}))`;
}

function inTold(condition: RawBuilder<boolean>): RawBuilder<boolean> {
  return sql<boolean>`((t.cluster_id, t.fingerprint) in (
    select d.cluster_id, o.fingerprint from delivery d join told_finding o on o.delivery_id = d.id where ${condition}))`;
}

/** What can be asked of findings, now or as of a moment. */
export function findingColumns({
  frameworks,
  asOf,
}: Pick<Times, 'asOf'> & { readonly frameworks?: Frameworks | undefined }): QueryColumns {
  const within = inTriage(asOf);
  return {
    fields: {
      ...PLACE_FIELDS,
      framework: frameworkColumn(frameworks),
      cluster: CLUSTER_COLUMN,
      name: { type: 'text', sql: sql`t.name`, lower: folded(sql`t.name`) },
      container: { type: 'text', sql: sql`t.container` },
      fixable: { type: 'boolean', sql: sql`t.fixable` },
      state: { type: 'enum', sql: STATE },
      assignee: { type: 'related', column: { type: 'text', sql: sql`g.assignee` }, within },
      acknowledged: {
        type: 'related',
        column: { type: 'boolean', sql: sql`g.acknowledged` },
        within,
        isFalseWithout: true,
      },
      'deferred-until': {
        type: 'related',
        column: { type: 'time', sql: sql`g.deferred_until` },
        within,
      },
      'first-seen': { type: 'time', sql: sql`t.first_seen` },
      age: { type: 'age', sql: sql`t.first_seen` },
      path: { type: 'text', sql: sql`t.path` },
      fingerprint: {
        type: 'digits',
        sql: sql`t.fingerprint`,
        // Asked first, so that the index of fingerprints still finds them.
        formerly: (condition) =>
          sql<boolean>`(t.fingerprint = any(array(select m.fingerprint from former_fingerprint m where ${condition(sql`m.former`)})))`,
      },
      exception: EXCEPTION_COLUMN,
      notification: {
        type: 'related',
        column: { type: 'text', sql: sql`d.message_id::text`, lower: sql`d.message_id::text` },
        within: inTold,
      },
    },
    texts: ['message', 'path', 'control', 'namespace', 'name', 'container'].map(
      (column) => sql`t.${sql.ref(column)}`,
    ),
  };
}
