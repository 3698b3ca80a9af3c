import { type AuditWrite, type GroupKind, type Json, storableText } from '@bulwark/core';
import { byBothClocks } from '../both-clocks.ts';
import type { Store } from '../store.ts';
import { inTransaction } from '../transaction.ts';
import { storableJson } from './storable-json.ts';

/** A request that changed something of a kind that is watched. */
export interface AuditEventRow extends Omit<AuditWrite, 'group' | 'resource'> {
  readonly kind: GroupKind;
  /** Whether it is what parts of Kubernetes do all the time for what controls an object: it is kept for what nothing controls. */
  readonly isRoutine?: boolean;
}

/** What came from a source of audit events. */
export interface AuditArrival {
  /** `webhook`, or `file:PATH`. */
  readonly source: string;
  readonly at: Date;
  readonly rows: readonly AuditEventRow[];
  /** How many events there were, those that changed nothing included. */
  readonly events: number;
  readonly unnamed: number;
  /** Why parts could not be read, one reason for each. */
  readonly malformed: readonly string[];
  /** When the last event was done. */
  readonly last: Date | undefined;
  /** Up to where a file was read, as its reader wants it back. */
  readonly position?: Json;
  /** Of what may be sent again, such as a batch of a webhook: tells it from every other. */
  readonly digest?: Buffer;
}

/**
 * Keeps what came from a source, and where it goes on, as one: nothing is counted twice over a restart, nor by another hub what
 * has a digest. An event that is there already is not written again. Cost: at most four statements.
 */
export function writeAuditArrival({ pool }: Store, cluster: number, arrival: AuditArrival): Promise<void> {
  const { source, at, events, unnamed, malformed, last, position, digest } = arrival;
  return inTransaction(pool, async (client) => {
    if (digest !== undefined && (await client.query(BATCH, [cluster, digest, at])).rowCount === 0) return;
    const rows = arrival.rows.filter(({ isOfStatus }) => !isOfStatus).map(toJson);
    if (rows.length > 0) await client.query(EVENTS, [cluster, at, storableJson(rows)]);
    const statuses = spans(arrival.rows).map(toJson);
    if (statuses.length > 0) await client.query(STATUSES, [cluster, at, storableJson(statuses)]);
    await client.query(SOURCE, [
      cluster,
      storableText(source),
      at,
      position === undefined ? null : storableJson(position),
      events,
      unnamed,
      malformed.length,
      malformed.at(-1) ?? null,
      last ?? null,
      last === undefined ? null : Math.max(0, at.getTime() - last.getTime()),
    ]);
  });
}

/** Notes why nothing comes from a source, or that it does again. */
export async function writeAuditFault(
  { pool }: Store,
  cluster: number,
  { source, fault, at }: { readonly source: string; readonly fault: string | null; readonly at: Date },
): Promise<void> {
  await pool.query(
    `insert into audit_source (cluster_id, source, first_seen, fault) values ($1, $2, $3, $4)
     on conflict (cluster_id, source) do update set fault = excluded.fault`,
    [cluster, storableText(source), at, fault],
  );
}

function toJson({ received, done, ...row }: AuditEventRow): Readonly<Record<string, unknown>> {
  return {
    id: row.id,
    audit_id: row.auditId,
    effect: row.effect,
    kind: row.kind,
    namespace: row.namespace,
    name: row.name,
    uid: row.uid ?? null,
    before: row.before ?? null,
    after: row.after ?? null,
    received: new Date(received),
    done: new Date(done),
    manager: row.manager ?? null,
    actor: row.actor,
    is_of_status: row.isOfStatus,
    may_have_failed: row.mayHaveFailed,
    is_routine: row.isRoutine ?? false,
  };
}

/** Requests about a status, each once, from the first to the last. */
function spans(rows: readonly AuditEventRow[]): readonly AuditEventRow[] {
  const byId = new Map<string, AuditEventRow>();
  for (const row of rows) {
    if (!row.isOfStatus) continue;
    const { received, done } = byId.get(row.id) ?? row;
    byId.set(row.id, {
      ...row,
      received: Math.min(received, row.received),
      done: Math.max(done, row.done),
    });
  }
  return [...byId.values()];
}

const COLUMNS =
  'id, audit_id, effect, kind, namespace, name, uid, before, after, received, done, manager, actor, is_of_status, may_have_failed';

const INCOMING = `json_to_recordset($3) as x(id uuid, audit_id text, effect text, kind text, namespace text, name text, uid text,
  before text, after text, received timestamptz, done timestamptz, manager text, actor jsonb, is_of_status boolean, may_have_failed boolean,
  is_routine boolean)`;

/** Whether a relation has an object that nothing controls, or one that something does. */
function has(relation: string, isOwn: boolean): string {
  const owner = `(coalesce(o.owner_kind, o.kind), coalesce(o.owner_name, o.name))`;
  return `exists (select from ${relation} o where o.cluster_id = $1 and o.kind = x.kind and o.namespace = x.namespace and o.name = x.name
    and ${owner} ${isOwn ? '=' : '<>'} (o.kind, o.name))`;
}

const WAS = `(select * from resource_past p where hashtext(p.name) = hashtext(x.name) and p.valid_to > $2::timestamptz - interval '1 day')`;

/** What is not seen yet may be one that nothing controls; what is gone was seen. What meets many meets these too. */
const EVENTS = `
insert into audit_event (cluster_id, arrived, ${COLUMNS})
select $1, $2, ${COLUMNS} from ${INCOMING}
where not is_routine or name = '' or ${has('resource', true)}
  or effect = 'created' and not ${has('resource', false)} or effect = 'deleted' and ${has(WAS, true)}
order by id
on conflict do nothing`;

const STATUSES = `
insert into audit_event as e (cluster_id, arrived, ${COLUMNS})
select $1, $2, ${COLUMNS} from ${INCOMING} order by id
on conflict (cluster_id, id) do update set
  received = least(e.received, excluded.received), done = greatest(e.done, excluded.done)
where excluded.received < e.received or excluded.done > e.done`;

/** Waits for whoever is writing the same one. */
const BATCH =
  'insert into audit_batch (cluster_id, digest, arrived) values ($1, $2, $3) on conflict do nothing';

const SOURCE = `
insert into audit_source as s (cluster_id, source, first_seen, position, events, unnamed, malformed, malformed_reason,
  malformed_at, last_event, last_arrival, lag_ms)
values ($1, $2, $3::timestamptz, $4::jsonb, $5::bigint, $6, $7, $8::text, case when $8::text is not null then $3::timestamptz end, $9,
  case when $5::bigint > 0 then $3::timestamptz end, $10)
on conflict (cluster_id, source) do update set
  position = coalesce(excluded.position, s.position), events = s.events + excluded.events,
  unnamed = s.unnamed + excluded.unnamed, malformed = s.malformed + excluded.malformed,
  malformed_reason = coalesce(excluded.malformed_reason, s.malformed_reason),
  malformed_at = coalesce(excluded.malformed_at, s.malformed_at),
  last_event = greatest(excluded.last_event, s.last_event),
  last_arrival = coalesce(excluded.last_arrival, s.last_arrival), lag_ms = coalesce(excluded.lag_ms, s.lag_ms), fault = null`;

/** For how long a request waits for its change to be seen. */
const KEPT_MS = 24 * 60 * 60 * 1000;
/** How many wait at most for each cluster; the oldest go first. */
const MOST_KEPT = 100_000;

/** An API server gives a batch up after five tries, within minutes. */
const BATCHES_KEPT_MS = 60 * 60 * 1000;

/** Drops the events that have waited long enough, or are too many, and which batches came long ago. */
export async function dropOldAuditEvents({ pool }: Store, now: Date, most = MOST_KEPT): Promise<void> {
  const drop = (table: string, keptMs: number) =>
    pool.query(`delete from ${table} where arrived < ${byBothClocks('$1')} - $2 * interval '1 millisecond'`, [
      now,
      keptMs,
    ]);
  await drop('audit_event', KEPT_MS);
  await drop('audit_batch', BATCHES_KEPT_MS);
  await pool.query(
    `delete from audit_event e using (
      select cluster_id, (select arrived from audit_event a where a.cluster_id = s.cluster_id
        order by arrived desc offset $1 limit 1) as oldest
      from audit_source s group by cluster_id
    ) c where e.cluster_id = c.cluster_id and e.arrived <= c.oldest`,
    [most],
  );
}
