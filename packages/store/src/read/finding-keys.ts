import { type RawBuilder, sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { FindingKey } from '../write/decisions.ts';
import type { ObjectKey } from '../write/rows.ts';
import { OWN_NAMESPACE, type Times } from './finding-columns.ts';
import { findingHint } from './finding-hint.ts';
import { matching } from './matching-findings.ts';
import { clustersOf, type ListRequest } from './page.ts';

/** What a decision about many findings has to know of each. */
export interface FindingKeyRecord extends FindingKey {
  readonly severity: number;
  /** The namespace in which its object lies, empty where that is none. */
  readonly place: string;
  readonly isResolved: boolean;
}

/** What of a live finding says whether an exception would cover it, and how bad that is. */
export interface CoverableFinding extends FindingKey, ObjectKey {
  readonly control: string;
  readonly severity: number;
  readonly apiVersion: string;
  readonly container: string | null;
  readonly path: string;
}

type Asked = Pick<ListRequest, 'query' | 'now' | 'frameworks'> & Times;

const SELECT = sql`t.cluster_id as cluster, replace(t.fingerprint::text, '-', '') as fingerprint, t.severity`;
const COVERABLE = sql`${SELECT}, t.control, t.kind, ${OWN_NAMESPACE} as namespace, t.name, t.api_version as "apiVersion", t.container, t.path`;

/** Everything that a query finds, in a certain order, but no more than one above `most`. */
export async function findingKeys(
  store: Store,
  scope: Scope,
  request: Asked & { readonly most: number },
): Promise<readonly FindingKeyRecord[]> {
  const { rows } = await sql<FindingKeyRecord>`
    select ${SELECT}, t.namespace as place, t.valid_to is not null as "isResolved" from ${await asked(store, scope, request)} t
    order by t.cluster_id, t.fingerprint limit ${request.most + 1}`.execute(store.db);
  return rows;
}

/** Every finding that a query about live ones finds; where `most` is given, no more than one above it. */
export async function coverableFindings(
  store: Store,
  scope: Scope,
  request: Asked & { readonly most?: number | undefined },
): Promise<readonly CoverableFinding[]> {
  const limit = request.most === undefined ? sql`all` : sql`${request.most + 1}`;
  const { rows } = await sql<CoverableFinding>`
    select ${COVERABLE} from ${await asked(store, scope, request)} t
    order by t.cluster_id, t.fingerprint limit ${limit}`.execute(store.db);
  return rows;
}

/** Those of some findings that are live and in the scope. */
export async function liveAmong(
  { db }: Store,
  scope: Scope,
  keys: readonly FindingKey[],
): Promise<readonly CoverableFinding[]> {
  const known = keys.filter(({ fingerprint }) => /^[0-9a-f]{32}$/.test(fingerprint));
  const { rows } = await sql<CoverableFinding>`
    select ${COVERABLE}
    from json_to_recordset(${JSON.stringify(known)}) as x(cluster int, fingerprint uuid)
    join finding t on t.cluster_id = x.cluster and t.fingerprint = x.fingerprint where ${inScope(scope)}`.execute(
    db,
  );
  return rows;
}

async function asked(store: Store, scope: Scope, request: Asked): Promise<RawBuilder<unknown>> {
  const clusters = await clustersOf(store, scope);
  const ids = clusters.map(({ id }) => id);
  const { condition } = await findingHint(store, scope, request, ids);
  return matching(scope, request, condition);
}
