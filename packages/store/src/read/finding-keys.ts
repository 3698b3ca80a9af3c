import { sql } from 'kysely';
import { inScope, type Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import type { FindingKey } from '../write/decisions.ts';
import type { Times } from './finding-columns.ts';
import { findingHint } from './finding-hint.ts';
import { matching } from './matching-findings.ts';
import { clustersOf, type ListRequest } from './page.ts';

/** What a decision about many findings has to know of each. */
export interface FindingKeyRecord extends FindingKey {
  readonly severity: number;
  readonly namespace: string;
  readonly isResolved: boolean;
}

const SELECT = sql`t.cluster_id as cluster, replace(t.fingerprint::text, '-', '') as fingerprint, t.severity, t.namespace`;

/** Everything that a query finds, in a certain order, but no more than one above `most`. */
export async function findingKeys(
  store: Store,
  scope: Scope,
  request: Pick<ListRequest, 'query' | 'now' | 'frameworks'> & Times & { readonly most: number },
): Promise<readonly FindingKeyRecord[]> {
  const clusters = await clustersOf(store, scope);
  const hint = await findingHint(
    store,
    scope,
    request,
    clusters.map(({ id }) => id),
  );
  const { rows } = await sql<FindingKeyRecord>`
    select ${SELECT}, t.valid_to is not null as "isResolved" from ${matching(scope, request, hint.condition)} t
    order by t.cluster_id, t.fingerprint limit ${request.most + 1}`.execute(store.db);
  return rows;
}

/** Those of some findings that are live and in the scope. */
export async function liveAmong(
  { db }: Store,
  scope: Scope,
  keys: readonly FindingKey[],
): Promise<readonly FindingKeyRecord[]> {
  const known = keys.filter(({ fingerprint }) => /^[0-9a-f]{32}$/.test(fingerprint));
  const { rows } = await sql<FindingKeyRecord>`
    select ${SELECT}, false as "isResolved"
    from json_to_recordset(${JSON.stringify(known)}) as x(cluster int, fingerprint uuid)
    join finding t on t.cluster_id = x.cluster and t.fingerprint = x.fingerprint where ${inScope(scope)}`.execute(
    db,
  );
  return rows;
}
