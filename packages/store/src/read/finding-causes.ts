import { namespaceOf } from '@bulwark/core';
import { sql } from 'kysely';
import type { Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { ObjectKey } from '../write/rows.ts';
import { OWN_NAMESPACE, type Times } from './finding-columns.ts';
import { matching } from './matching-findings.ts';
import type { ListRequest } from './page.ts';
import { triageAt } from './triage-at.ts';

type Asked = Pick<ListRequest, 'query' | 'now' | 'frameworks'> & Times;

/** What an owner's open findings of one control name as their causes in a cluster. */
export interface CausingRecord {
  readonly cluster: number;
  readonly control: string;
  /** Null is nobody. */
  readonly team: string | null;
  /** As `group/Kind|namespace|name`. */
  readonly causes: readonly string[];
}

/** An open finding of a control about an object. */
export interface CausedRecord extends ObjectKey {
  readonly cluster: number;
  readonly control: string;
  readonly fingerprint: string;
  /** Null is nobody. */
  readonly team: string | null;
  readonly assignee: string | null;
}

/** An object, and a control that may find something in it. */
export interface CausedPlace extends ObjectKey {
  readonly cluster: number;
  readonly control: string;
}

/** The causes that the open findings of some controls name, of those that a query finds. */
export async function causingFindings(
  { db }: Store,
  scope: Scope,
  request: Asked,
  controls: readonly string[],
): Promise<readonly CausingRecord[]> {
  const ofControls = sql<boolean>`t.control = any(${[...controls]}::text[])`;
  const { rows } = await sql<CausingRecord>`
    select distinct t.cluster_id as cluster, t.control, t.team, t.causes from ${matching(scope, request, ofControls)} t
    where t.causes is not null and t.exception is null`.execute(db);
  return rows;
}

/** The open findings at some places, of those that a query finds, with who works on them. */
export async function findingsAt(
  { db }: Store,
  scope: Scope,
  request: Asked,
  places: readonly CausedPlace[],
): Promise<readonly CausedRecord[]> {
  const column = (of: (place: CausedPlace) => string) => sql`${places.map(of)}::text[]`;
  const areThere = sql<boolean>`(t.cluster_id, t.control, t.kind, t.namespace, t.name) in (select * from unnest(
    ${places.map(({ cluster }) => cluster)}::int[], ${column(({ control }) => control)}, ${column(({ kind }) => kind)},
    ${column(namespaceOf)}, ${column(({ name }) => name)}))`;
  const { rows } = await sql<CausedRecord>`
    select t.cluster_id as cluster, t.control, t.kind, ${OWN_NAMESPACE} as namespace, t.name, t.fingerprint, t.team, g.assignee
    from ${matching(scope, request, areThere)} t
    left join ${triageAt(request.asOf)} g on g.cluster_id = t.cluster_id and g.fingerprint = t.fingerprint
    where t.exception is null order by t.control, t.fingerprint`.execute(db);
  return rows;
}
