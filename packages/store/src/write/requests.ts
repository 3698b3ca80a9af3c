import { placeOf } from '../place.ts';
import { prepared } from './prepared.ts';
import { type ChangeIds, keyOf, type Writing } from './resources.ts';
import type { FindingRow } from './rows.ts';
import { storableJson } from './storable-json.ts';

/**
 * Gives what annotations ask for its number. What says the same of the same object is the same request, however often it
 * comes; who answers for it, and in which annotation it stands, may change without its being asked anew.
 */
const ASK = `
insert into exception as e (scope, reason, owner, until, state, created_by, created_at,
  cluster_id, kind, namespace, name, control, annotation, change_id)
select distinct on (x.kind, x.namespace, x.name, x.control, x.reason, x.until)
  json_build_object('clusters', json_build_array($1::int), 'kinds', json_build_array(split_part(x.kind, '/', -1)),
    'namespaces', json_build_array(${placeOf('x')}), 'names', json_build_array(x.name), 'controls', json_build_array(x.control)),
  x.reason, x.owner, x.until, 'requested', '', $2, $1, x.kind, x.namespace, x.name, x.control, x.annotation, x.change_id
from json_to_recordset($3) as x(kind text, namespace text, name text, control text, reason text, owner text, until date,
  annotation text, change_id bigint)
order by x.kind, x.namespace, x.name, x.control, x.reason, x.until, x.annotation
on conflict (cluster_id, kind, namespace, name, control, md5(reason), until) where annotation is not null
do update set owner = excluded.owner, annotation = excluded.annotation
where (e.owner, e.annotation) is distinct from (excluded.owner, excluded.annotation)`;

/** Writes down what annotations newly ask for, with the change that brought it, in the transaction of the findings. */
export async function writeRequests(
  { client, cluster, at }: Writing,
  findings: readonly FindingRow[],
  changes: ChangeIds,
): Promise<void> {
  const asked = findings.flatMap((row) => {
    const { kind, namespace, name, control, requested } = row;
    if (requested?.annotation === undefined || requested.id !== null) return [];
    const { reason, owner, until, annotation } = requested;
    const change = changes.get(keyOf(row)) ?? null;
    return [{ kind, namespace, name, control, reason, owner, until, annotation, change_id: change }];
  });
  if (asked.length > 0) await client.query(prepared(ASK), [cluster, at, storableJson(asked)]);
}
