import type { Store } from '../store.ts';
import { fullActorOf } from '../write/actor.ts';
import type { Actor, ObjectKey } from '../write/rows.ts';

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
  /** Whether whoever looks asked for it. */
  readonly isOwn: boolean;
  /** Until when the audit log of the cluster may still name somebody who asked for it; null where everybody is named, or no log comes. */
  readonly namedBy: Date | null;
}

/** Who looks at exceptions: by name, and the person behind a token. */
export interface Looker {
  readonly by: string;
  readonly person: string;
}

/**
 * SQL for whether somebody, or the person behind, had a part in a change that brought what an annotation `e` asks for, the last or one
 * before, as the audit log of the cluster tells. Which part of a change is whose is not known, so that everybody who had one counts.
 * Names that differ in capitals alone are one person's, as in the hub.
 */
export function isWriter(by: string, person: string): string {
  const isOne = (name: string) =>
    `lower(${name} collate "C") in (lower(${by}::text collate "C"), lower(${person}::text collate "C"))`;
  return `exists (
    select from change c
    cross join lateral (select c.actor as by union all select jsonb_array_elements(c.actor->'others')) a
    where c.cluster_id = e.cluster_id and c.id = any(e.change_id || e.earlier_changes)
      and (${isOne("a.by->>'user'")} or ${isOne("a.by->>'impersonatedBy'")}))`;
}

/** Whether an exception `e` was asked for by somebody ($1), by the person behind ($2), or by a token of theirs. */
export const OF_SAME_PERSON = `(e.created_by in ($1, $2)
  or exists (select from token t where 'token ' || t.name = e.created_by and t.owner in ($1, $2)) or ${isWriter('$1', '$2')})`;

/** The audit log of a cluster comes within seconds, or not at all: its policy may leave something out. */
export const NAMED_WITHIN = '2 minutes';

/** SQL for until when the audit log may still name somebody who would be a writer of an exception `e`; null where it is not awaited. */
export const NAMED_BY = `(select max(c.at) + interval '${NAMED_WITHIN}' from change c join audit_source s using (cluster_id)
  where c.cluster_id = e.cluster_id and c.id = any(e.change_id || e.earlier_changes) and c.actor->>'auditId' is null
    and s.last_arrival > c.at - interval '1 hour')`;

const EXCEPTION = `e.id, e.scope, e.reason, e.owner, to_char(e.until, 'YYYY-MM-DD') as until, e.state, e.created_by as "createdBy",
  e.created_at as "createdAt", e.approved_by as "approvedBy", e.taken_back_from as "takenBackFrom", e.revoked_by as "revokedBy", e.revoked_at as "revokedAt",
  e.revoked_because as "revokedBecause", e.query, ${OF_SAME_PERSON} as "isOwn", ${NAMED_BY} as "namedBy",
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
  const { rows } = await pool.query<ExceptionRecord>(
    `select ${EXCEPTION} from exception e order by e.id desc`,
    [by, person],
  );
  return rows;
}

export async function findException(
  { pool }: Store,
  id: number,
  { by, person }: Looker = NOBODY,
): Promise<ExceptionRecord | undefined> {
  const { rows } = await pool.query<ExceptionRecord>(`select ${EXCEPTION} from exception e where e.id = $3`, [
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
