import {
  type Attribution,
  type AuditActor,
  attribute,
  type GroupKind,
  isSameJson,
  MADE_BY,
  type ObjectWrite,
  type SeenChange,
} from '@bulwark/core';
import type { PoolClient } from 'pg';
import type { Store } from '../store.ts';
import { inTransaction } from '../transaction.ts';
import { fullActorOf, NOBODY } from './actor.ts';
import { announce } from './announce.ts';
import { keyOf } from './batch-changes.ts';
import { takeBackApprovals } from './exceptions.ts';
import { READ_PAST } from './past.ts';
import type { Actor, ObjectKey, OtherActor } from './rows.ts';
import {
  isByHand,
  isOfMetadata,
  isRemoval,
  tellChange,
  type Untold,
  untoldChanges,
} from './untold-changes.ts';

/** Any number, the same for all hubs: the first nine digits of e. */
const LOCK = 271_828_182;

interface StoredChange extends SeenChange {
  readonly object: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly moment: string;
  readonly actor: Actor;
}

/**
 * Says of the changes of a cluster since a moment who made them, as far as audit events tell. It looks at all that is known
 * of an object, so that it does not matter which came first, and may be done again at any time. What was taken for the work of a
 * controller and somebody else did becomes a change. Returns how many changes
 * got another actor. What somebody approved who is named as having asked for it is asked for again. Cost: two look-ups for each change
 * since then.
 */
export function attributeChanges({ pool }: Store, cluster: number, from: Date): Promise<number> {
  return inTransaction(pool, async (client) => {
    // Of two searches at once the one that knows less could write last.
    await client.query('select pg_advisory_xact_lock($1, $2)', [LOCK, cluster]);
    const untold = await untoldChanges(client, cluster, from);
    const changes = [...(await changesOf(client, cluster, from, untold)), ...untold.map(asUnnamed)];
    if (changes.length === 0) return 0;
    const writes = await writesOf(client, cluster, changes);
    const all = updatesOf(changes, writes);
    const updates = all.filter(({ id }) => id >= 0);
    const rows = updates.map(({ id, moment, actor }) => ({ id, moment, actor }));
    await client.query(UPDATE, [cluster, JSON.stringify(rows)]);
    for (const { id, namespace, moment, actor } of all) {
      const change = untold[-1 - id];
      if (change === undefined || isGuessed(actor, writes.get(keyOf(change)))) continue;
      if (!byWhom(actor).some((by) => isByHand(change, by))) continue;
      updates.push({ id: await tellChange(client, cluster, { change, actor }), moment, namespace, actor });
    }
    if (updates.length === 0) return 0;
    await takeBackApprovals(
      client,
      cluster,
      updates.map(({ id }) => id),
    );
    // Lists of changes are asked for again as if something had changed in the cluster.
    await announce(client, {
      topics: updates.length === rows.length ? ['inventory'] : ['inventory', 'findings'],
      clusters: [cluster],
      namespaces: updates.map(({ namespace }) => namespace),
    });
    return updates.length;
  });
}

/** What is no change yet, with a number that no change has. */
function asUnnamed(untold: Untold, index: number): StoredChange {
  const { kind, namespace, name } = untold;
  const unknown = { resourceVersion: undefined, manager: undefined, written: undefined };
  // Of the controllers of Kubernetes it is not kept that they made something without a name, so that all else is not it.
  const created = MADE_BY.has(untold.ownerKind as GroupKind) ? undefined : untold.since;
  return {
    ...untold,
    ...unknown,
    created,
    id: -1 - index,
    object: keyOf({ kind, namespace, name }),
    actor: NOBODY,
  };
}

/** Whether a request that deleted many, long before, is all that is known: what it met is not. */
function isGuessed({ auditId, isUncertain }: Update['actor'], writes: readonly ObjectWrite[] = []): boolean {
  const isOfMany = (write: ObjectWrite): boolean => write.effect === 'deleted' && write.name === '';
  return isUncertain === true && writes.some((write) => write.auditId === auditId && isOfMany(write));
}

/** All who are named in an actor. */
function byWhom({
  user,
  groups,
  impersonatedBy,
  address,
  userAgent,
  others = [],
}: Update['actor']): AuditActor[] {
  const first = user === null ? [] : [{ user, groups, impersonatedBy, address, userAgent }];
  const more = others.map((other) => ({
    groups: [],
    impersonatedBy: null,
    address: null,
    userAgent: null,
    ...other,
  }));
  return [...first, ...more];
}

/** What is written of a change: all of its actor but the managers. */
interface Update {
  readonly id: number;
  /** As text, as a change is found by it to the microsecond. */
  readonly moment: string;
  readonly namespace: string;
  readonly actor: Omit<Actor, 'managers'>;
}

/** The changes whose actor is another than before. One that was told by a request which another change has is nobody's again. */
function updatesOf(
  changes: readonly StoredChange[],
  writes: ReadonlyMap<string, readonly ObjectWrite[]>,
): readonly Update[] {
  const byObject = new Map<string, StoredChange[]>();
  for (const change of changes) {
    const own = byObject.get(change.object) ?? [];
    byObject.set(change.object, own);
    own.push(change);
  }
  return [...byObject].flatMap(([object, own]) => {
    const known = writes.get(object) ?? [];
    const told = new Map(attribute(own, known).map((each) => [each.change, each]));
    return own.flatMap(({ id, moment, namespace, actor: before }) => {
      const actor = actorOf(before, told.get(id), known);
      const isNew = actor !== undefined && !isSameJson({ ...before, ...actor }, { ...before });
      return isNew ? [{ id, moment, namespace, actor }] : [];
    });
  });
}

/** Who a change is of now; undefined where nothing more is known than before. */
function actorOf(
  before: Actor,
  by: Attribution<ObjectWrite> | undefined,
  known: readonly ObjectWrite[],
): Update['actor'] | undefined {
  const others = [...(by?.others ?? []).map(withoutNulls), ...forgotten(before, known)];
  const withOthers = others.length > 0 || before.others !== undefined ? { others } : {};
  if (by !== undefined) {
    const { write, isUncertain, isOfOne } = by;
    if (isOfOne) return { ...UNKNOWN, auditId: write.auditId, isUncertain, ...withOthers };
    return { ...write.actor, auditId: write.auditId, isUncertain, ...withOthers };
  }
  return known.some(({ auditId }) => auditId === before.auditId) ? { ...UNKNOWN, ...withOthers } : undefined;
}

/** Whose requests are not kept any more: what was found out while they were stays. */
function forgotten({ others = [] }: Actor, known: readonly ObjectWrite[]): readonly OtherActor[] {
  return others.filter(
    (other) => !known.some(({ actor }) => isSameJson({ ...withoutNulls(actor) }, { ...other })),
  );
}

/** As it is stored, so that it is equal to what is there already. */
function withoutNulls({ user, groups, impersonatedBy, address, userAgent }: AuditActor): OtherActor {
  return {
    user,
    groups,
    ...(impersonatedBy !== null && { impersonatedBy }),
    ...(address !== null && { address }),
    ...(userAgent !== null && { userAgent }),
  };
}

const UNKNOWN: Omit<Actor, 'managers'> = {
  user: null,
  groups: [],
  impersonatedBy: null,
  address: null,
  userAgent: null,
  auditId: null,
  isUncertain: false,
};

/** @param untold objects of which the changes are wanted as well. */
async function changesOf(
  client: PoolClient,
  cluster: number,
  from: Date,
  untold: readonly ObjectKey[],
): Promise<readonly StoredChange[]> {
  const { rows } = await client.query<StoredChange>(CHANGES, [cluster, from, JSON.stringify(untold)]);
  return rows.map((row) => ({
    ...row,
    uid: row.uid ?? undefined,
    resourceVersion: row.resourceVersion ?? undefined,
    manager: row.manager ?? undefined,
    since: row.since ?? undefined,
    created: row.created ?? undefined,
    written: row.written ?? undefined,
  }));
}

/** The requests about each object: those that name it, and those that deleted many where it was. */
async function writesOf(
  client: PoolClient,
  cluster: number,
  changes: readonly StoredChange[],
): Promise<ReadonlyMap<string, readonly ObjectWrite[]>> {
  const objects = new Map(
    changes.map(({ object, kind, namespace, name }) => [
      object,
      { object, kind, namespace, name, created: [] as number[] },
    ]),
  );
  for (const { object, created } of changes)
    if (created !== undefined) objects.get(object)?.created.push(created);
  const { rows } = await client.query<
    Omit<ObjectWrite, 'received' | 'done'> & { object: string; receivedAt: Date; doneAt: Date }
  >(WRITES, [cluster, JSON.stringify([...objects.values()])]);
  const byObject = new Map<string, ObjectWrite[]>();
  for (const { object, receivedAt, doneAt, ...row } of rows) {
    const writes = byObject.get(object) ?? [];
    byObject.set(object, writes);
    writes.push({
      ...row,
      uid: row.uid ?? undefined,
      before: row.before ?? undefined,
      after: row.after ?? undefined,
      manager: row.manager ?? undefined,
      received: receivedAt.getTime(),
      done: doneAt.getTime(),
    });
  }
  return byObject;
}

/** The events about an object `o` with a kind, a namespace and a name. */
const EVENTS_OF = `cross join lateral (values (o.namespace, o.name), (o.namespace, ''), ('', '')) v(namespace, name)
  join audit_event e on e.cluster_id = $1 and e.kind = o.kind and e.namespace = v.namespace and e.name = v.name`;

const MS = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

/** When the object of a change was created, as it says itself. */
const CREATED = `(select (v.instance #>> '{metadata,creationTimestamp}')::timestamptz from (
    select instance, uid from resource r
    where r.cluster_id = $1 and r.kind = c.kind and r.namespace = c.namespace and r.name = c.name
    union all select instance, uid from (select ${READ_PAST} from resource_past p
      where p.cluster_id = $1 and p.kind = c.kind and p.namespace = c.namespace and p.name = c.name and hashtext(p.name) = hashtext(c.name)) p
  ) v where v.uid = c.uid limit 1)`;

// Objects with a change since then that an event may explain, and all their changes: a request that made an earlier one did
// not make a later one.
const CHANGES = `
with object as (
  select distinct o.kind, o.namespace, o.name from change o
  where o.cluster_id = $1 and o.at >= $2 and exists (
    select from (select) one ${EVENTS_OF} where e.effect = o.verb
      or (e.effect = 'deleted' and e.after = o.resource_version)
      or (e.effect = 'changed' and e.may_have_failed and o.verb = 'created'))
  union select kind, namespace, name from json_to_recordset($3) as u(kind text, namespace text, name text)
)
select c.id, c.at::text as moment, ${MS('c.at')} as at, c.kind || '|' || c.namespace || '|' || c.name as object, c.kind,
  c.namespace, c.name, c.verb as effect, c.uid, c.resource_version as "resourceVersion", c.actor->'managers'->>0 as manager,
  ${MS('c.since')} as since, ${MS('c.written')} as written, ${fullActorOf('c')} as actor,
  case c.verb when 'created' then ${MS(CREATED)} end as created, ${isOfMetadata('c')} as "isOfMetadata",
  ${isRemoval('c')} as "isRemoval"
from object o join change c on c.cluster_id = $1 and (c.kind, c.namespace, c.name) = (o.kind, o.namespace, o.name)
  and hashtext(c.name) = hashtext(o.name)
where c.at >= $2::timestamptz - interval '1 day'`;

const EVENT = `o.object, e.id, e.audit_id as "auditId", e.effect, e.is_of_status as "isOfStatus", e.may_have_failed as "mayHaveFailed",
  e.namespace, e.name, e.uid, e.before, e.after, e.received as "receivedAt", e.done as "doneAt", e.manager, e.actor`;
const OBJECTS = 'json_to_recordset($2) as o(object text, kind text, namespace text, name text, created json)';

// What has no name is one of the many of a namespace: only what was being made in that second counts. No request takes longer than a
// minute.
const WRITES = `
select ${EVENT} from ${OBJECTS} ${EVENTS_OF} where e.name <> '' or e.effect <> 'created'
union all
select ${EVENT} from ${OBJECTS} cross join lateral (
  select distinct to_timestamp(ms::float8 / 1000) as at from json_array_elements_text(o.created) ms
) c join audit_event e on e.cluster_id = $1 and e.kind = o.kind and e.namespace = o.namespace and e.name = '' and e.effect = 'created'
  and e.done >= c.at and e.done < c.at + interval '61 seconds' and e.received < c.at + interval '1 second'`;

const UPDATE = `
with incoming as (
  select * from json_to_recordset($2) as x(id bigint, moment timestamptz, actor jsonb)
)
update change c set actor = jsonb_strip_nulls(c.actor || i.actor) from incoming i where c.cluster_id = $1 and c.id = i.id and c.at = i.moment`;
