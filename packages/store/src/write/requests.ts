import { IS_CUT, SEEN_IN_PODS } from '@bulwark/core';
import { placeOf } from '../place.ts';
import type { BatchChanges } from './batch-changes.ts';
import { isOf, isOfOwned } from './changes-of.ts';
import { prepared } from './prepared.ts';
import type { Writing } from './resources.ts';
import type { FindingRow } from './rows.ts';
import { storableJson } from './storable-json.ts';

/** However often an object is changed to and fro: each change since the earliest of these counts. */
const MOST_BROUGHT = 100;

/**
 * Whether a finding on the object asks for the same, or is accepted for it, already: then nobody asks anew. What was accepted without
 * being asked for, as it was not severe enough, is asked for first when it is.
 */
const IS_ASKED = `(exists (
  select from exception e where e.annotation is not null and (e.cluster_id, e.kind, e.namespace, e.name, e.control) = ($1, x.kind, x.namespace, x.name, x.control)
    and e.reason = x.reason and e.until is not distinct from x.until
) and exists (
  select from finding f cross join lateral (values (f.requested), (f.exception)) d(said)
  where f.cluster_id = $1 and f.namespace = ${placeOf('x')} and f.name = x.name and f.kind = x.kind and f.control = x.control
    and d.said ? 'annotation' and d.said->>'reason' = x.reason and (d.said->>'until')::date is not distinct from x.until))`;

/** Whether a change asks for the same again, after nothing did: what was approved holds as it was. */
const IS_ASKED_ANEW = `excluded.change_id is not null and e.state <> 'active'`;

/** The texts that an annotation has in a body, wherever it stands: an operator takes those of its pods from any field of its object. */
function textsIn(body: string): string {
  return `(select coalesce(array_agg(a->>x.annotation) filter (where a->>x.annotation is not null), '{}')
    from jsonb_path_query(${body}.content, 'strict $.** ? (@.type() == "object")') as a)`;
}

/** The words of a reason as they stand in an annotation, where it may be longer. */
const WORDS = `replace(x.reason, '${IS_CUT}', '')`;

/** Whether a change put one of the texts that stand there now, or the reason within another one: the last day may be another's. */
const PUT = `(exists (select from unnest(t.after) each where each = any(now.texts) and each <> all(t.before))
  or exists (select from unnest(t.after) each where strpos(each, ${WORDS}) > 0)
    and not exists (select from unnest(t.before) each where strpos(each, ${WORDS}) > 0))`;

/**
 * The changes that put the words into the annotation, the last first: it may have stood there long before something was found,
 * and what is found may come with the change of another object. What is seen in its pods has the words of these.
 */
const BROUGHT = `array(
  select c.id from (
    select ${textsIn('n')} as texts, n.content ? '${SEEN_IN_PODS}' as is_in_pods
    from resource r join body n on n.cluster_id = r.cluster_id and n.hash = r.body_hash
    where r.cluster_id = $1 and r.kind = x.kind and r.namespace = x.namespace and r.name = x.name
  ) now
  cross join lateral (
    select * from change c where ${isOf('c', 'x')}
    union all
    select * from change c where now.is_in_pods and ${isOfOwned('c', 'x')}
    union all
    -- What belongs to another since it was changed, as somebody gave it this owner.
    select c.* from resource o join change c on ${isOf('c', 'o')}
    where now.is_in_pods and o.cluster_id = $1 and o.kind = 'Pod' and o.owner_kind = x.kind and o.owner_name = x.name
      and o.namespace = coalesce(nullif(x.namespace, ''), o.namespace)
    union all
    -- What it belonged to gave it the words, as a Deployment that is deleted gave them to the ReplicaSet that is left.
    select c.* from (
      select distinct owner_kind as kind, namespace, owner_name as name from resource_past o
      where o.cluster_id = $1 and ${isOf('o', 'x')} and o.owner_kind is not null
    ) o join change c on ${isOf('c', 'o')}
  ) c
  join body b on b.cluster_id = c.cluster_id and b.hash = c.after
  left join body p on p.cluster_id = c.cluster_id and p.hash = c.before
  cross join lateral (select ${textsIn('b')} as after, ${textsIn('p')} as before) t
  where c.cluster_id = $1 and ${PUT}
  group by c.at, c.id order by c.at desc, c.id desc limit ${MOST_BROUGHT})`;

/**
 * Gives what annotations ask for its number. What says the same of the same object is the same request, however often it
 * comes; who answers for it, and in which annotation it stands, may change without its being asked anew. Where it is, the
 * last who asked is named. Who else had a part in it is found when that is asked.
 */
const ASK = `
insert into exception as e (scope, reason, owner, until, state, created_by, created_at,
  cluster_id, kind, namespace, name, control, annotation, change_id, earlier_changes)
select json_build_object('clusters', json_build_array($1::int), 'kinds', json_build_array(split_part(x.kind, '/', -1)),
    'namespaces', json_build_array(${placeOf('x')}), 'names', json_build_array(x.name), 'controls', json_build_array(x.control)),
  x.reason, x.owner, x.until, 'requested', '', $2, $1, x.kind, x.namespace, x.name, x.control, x.annotation,
  m.brought[1], coalesce(m.brought[2:], '{}')
from (
  select distinct on (kind, namespace, name, control, reason, until) * from json_to_recordset($3) as x(kind text, namespace text,
    name text, control text, reason text, owner text, until date, annotation text, change_id bigint)
  order by kind, namespace, name, control, reason, until, annotation
) x
cross join lateral (select case when not ${IS_ASKED} then coalesce(nullif(${BROUGHT}, '{}'), array[x.change_id]) end as brought) m
on conflict (cluster_id, kind, namespace, name, control, md5(reason), until) where annotation is not null
do update set owner = excluded.owner, annotation = excluded.annotation,
  change_id = case when ${IS_ASKED_ANEW} then coalesce(excluded.change_id, e.change_id) else e.change_id end,
  created_at = case when ${IS_ASKED_ANEW} then excluded.created_at else e.created_at end,
  earlier_changes = case when ${IS_ASKED_ANEW} then excluded.earlier_changes else e.earlier_changes end
where (e.owner, e.annotation) is distinct from (excluded.owner, excluded.annotation) or ${IS_ASKED_ANEW}`;

/**
 * Writes down what annotations newly ask for, with the changes that brought it, in the transaction of the findings and before
 * these are written: what they asked for until now tells what is new.
 */
export async function writeRequests(
  { client, cluster, at }: Writing,
  findings: readonly FindingRow[],
  changes: BatchChanges,
): Promise<void> {
  const asked = findings.flatMap((row) => {
    const { kind, namespace, name, control, requested } = row;
    if (requested?.annotation === undefined) return [];
    const { reason, owner, until, annotation } = requested;
    const change = changes.of(row) ?? null;
    return [{ kind, namespace, name, control, reason, owner, until, annotation, change_id: change }];
  });
  if (asked.length > 0) await client.query(prepared(ASK), [cluster, at, storableJson(asked)]);
}
