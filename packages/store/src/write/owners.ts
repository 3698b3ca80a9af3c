import { isOwnedOtherwise, PAST_COLUMNS, pastOf } from './past.ts';
import { prepared } from './prepared.ts';
import type { Writing } from './resources.ts';
import type { OwnersRow } from './rows.ts';
import { storableJson } from './storable-json.ts';

/**
 * Writes whose objects are that are otherwise as they were. It is no change of theirs: what changed is the object that says it. What
 * belongs to another owner than before is a version, so that it belonged to that one as of a moment of before; what has another team
 * only is none.
 */
export async function writeOwners(
  { client, cluster, at }: Writing,
  rows: readonly OwnersRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query(prepared(OWNERS), [cluster, at, storableJson(rows.map(toJson))]);
}

function toJson(row: OwnersRow): Readonly<Record<string, unknown>> {
  const { kind, namespace, name, digest, ownerKind, ownerName, isWorkload, images, serviceAccount } = row;
  const { team, contacts, environment, criticality } = row;
  return {
    ...{ kind, namespace, name, digest, owner_kind: ownerKind, owner_name: ownerName },
    ...{ team, contacts, environment, criticality, is_workload: isWorkload },
    images: isWorkload ? images : [],
    service_account: isWorkload ? serviceAccount : '',
  };
}

const OWNERS = `
with incoming as (
  select * from json_to_recordset($3) as x(kind text, namespace text, name text, digest uuid, owner_kind text, owner_name text, team text,
    contacts text[], environment text, criticality text, is_workload boolean, images text[], service_account text)
), past as (
  insert into resource_past (${PAST_COLUMNS}, valid_to)
  select ${pastOf('r')}, $2 from resource r join incoming x using (kind, namespace, name)
  where r.cluster_id = $1 and ${isOwnedOtherwise('x', 'r')} and r.valid_from < $2
)
update resource r set digest = x.digest, owner_kind = x.owner_kind, owner_name = x.owner_name, team = x.team,
  contacts = x.contacts, environment = x.environment, criticality = x.criticality, is_workload = x.is_workload,
  images = coalesce(x.images, r.images), service_account = coalesce(x.service_account, r.service_account),
  valid_from = case when ${isOwnedOtherwise('x', 'r')} then $2 else r.valid_from end
from incoming x
where r.cluster_id = $1 and r.kind = x.kind and r.namespace = x.namespace and r.name = x.name`;
