import type { Store } from '../store.ts';
import { fullActorOf } from '../write/actor.ts';
import type { Actor, ObjectKey } from '../write/rows.ts';
import { writersOf } from './request-writers.ts';

/** An annotation that asks for an exception: in which object, for which control, and who wrote it as far as it is known. */
export interface RequestRecord extends ObjectKey {
  readonly cluster: number;
  readonly clusterName: string;
  readonly control: string;
  readonly annotation: string;
  /** Null where the change is not known: it was there before the cluster was watched, or the change is no longer kept. */
  readonly actor: Actor | null;
}

/** An exception of the hub, or what an annotation asks for. */
export interface ExceptionRecord {
  readonly id: number;
  readonly scope: Readonly<Record<string, unknown>>;
  readonly reason: string;
  readonly owner: string | null;
  readonly until: string | null;
  readonly state: 'active' | 'requested' | 'revoked';
  /** Empty where an annotation asks. */
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly approvedBy: string | null;
  /** Who had approved what an annotation asks for, until it was known that they had asked for it; null where nobody was. */
  readonly takenBackFrom: string | null;
  /** Who ended or refused it; null also where that was not yet written down. */
  readonly revokedBy: string | null;
  /** When that was. */
  readonly revokedAt: Date | null;
  /** Why a request was refused; null where that was not said. */
  readonly revokedBecause: string | null;
  /** The query whose findings it was made for; null where its scope says it all. */
  readonly query: string | null;
  /** Null for an exception of the hub's own. */
  readonly request: RequestRecord | null;
  /** Whether whoever looks asked for it. Of what is approved it is not looked up who did. */
  readonly isOwn: boolean;
  /** When the last change was of which the audit log of the cluster names nobody who may have asked; null where it names all. */
  readonly unnamedAt: Date | null;
}

/** Who looks at exceptions: by name, and the person behind a token. */
export interface Looker {
  readonly by: string;
  readonly person: string;
}

/**
 * An exception `e`, and as `w` what is known of who asked for it where an annotation does and somebody has to approve it, as somebody
 * looks at it: by name ($1), and the person behind ($2), whom alone the audit log of a cluster can name.
 */
export const ASKED = `exception e cross join lateral ${writersOf(
  '$2::text',
  `e.annotation is not null and (e.state <> 'active' or e.approved_by is null)`,
)} w`;

/** Whether an exception was asked for by whoever looks at it, or by a token of theirs. */
export const IS_OWN = `(e.created_by in ($1, $2)
  or exists (select from token t where 'token ' || t.name = e.created_by and t.owner in ($1, $2)) or w.is_writer)`;

const EXCEPTION = `e.id, e.scope, e.reason, e.owner, to_char(e.until, 'YYYY-MM-DD') as until, e.state, e.created_by as "createdBy",
  e.created_at as "createdAt", e.approved_by as "approvedBy", e.taken_back_from as "takenBackFrom", e.revoked_by as "revokedBy", e.revoked_at as "revokedAt",
  e.revoked_because as "revokedBecause", e.query, ${IS_OWN} as "isOwn", w.unnamed_at as "unnamedAt",
  case when e.annotation is not null then json_build_object('cluster', e.cluster_id,
    'clusterName', (select c.name from cluster c where c.id = e.cluster_id), 'kind', e.kind, 'namespace', e.namespace,
    'name', e.name, 'control', e.control, 'annotation', e.annotation, 'actor',
    (select ${fullActorOf('c')} from change c where c.cluster_id = e.cluster_id and c.id = e.change_id)) end as request`;

const NOBODY: Looker = { by: '', person: '' };

/** All exceptions, the newest first, and what annotations ask for or once asked for. */
export async function listExceptions(
  { pool }: Store,
  { by, person }: Looker = NOBODY,
): Promise<readonly ExceptionRecord[]> {
  const { rows } = await pool.query<ExceptionRecord>(`select ${EXCEPTION} from ${ASKED} order by e.id desc`, [
    by,
    person,
  ]);
  return rows;
}

export async function findException(
  { pool }: Store,
  id: number,
  { by, person }: Looker = NOBODY,
): Promise<ExceptionRecord | undefined> {
  const { rows } = await pool.query<ExceptionRecord>(`select ${EXCEPTION} from ${ASKED} where e.id = $3`, [
    by,
    person,
    id,
  ]);
  return rows[0];
}

/** The number of what an annotation asks for; undefined where it was never asked for, or no longer is and was forgotten. */
export async function requestIdOf(
  { pool }: Store,
  {
    cluster,
    kind,
    namespace,
    name,
    control,
    reason,
    until,
  }: ObjectKey & {
    readonly cluster: number;
    readonly control: string;
    readonly reason: string;
    readonly until: string | null;
  },
): Promise<number | undefined> {
  const { rows } = await pool.query<{ id: number }>(
    `select id from exception where annotation is not null and cluster_id = $1 and kind = $2 and namespace = $3 and name = $4
       and control = $5 and md5(reason) = md5($6) and reason = $6 and until is not distinct from $7::date`,
    [cluster, kind, namespace, name, control, reason, until],
  );
  return rows[0]?.id;
}
