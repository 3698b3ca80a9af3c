import { prepared } from './prepared.ts';
import type { Writing } from './resources.ts';
import type { OwnersRow } from './rows.ts';
import { storableJson } from './storable-json.ts';

/**
 * Writes whose objects are that are otherwise as they were. It is no version and no change of theirs: what changed is the object
 * that says it, which has both.
 */
export async function writeOwners({ client, cluster }: Writing, rows: readonly OwnersRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(prepared(OWNERS), [cluster, storableJson(rows.map(toJson))]);
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
update resource r set digest = x.digest, owner_kind = x.owner_kind, owner_name = x.owner_name, team = x.team,
  contacts = x.contacts, environment = x.environment, criticality = x.criticality, is_workload = x.is_workload,
  images = coalesce(x.images, r.images), service_account = coalesce(x.service_account, r.service_account)
from json_to_recordset($2) as x(kind text, namespace text, name text, digest uuid, owner_kind text, owner_name text, team text,
  contacts text[], environment text, criticality text, is_workload boolean, images text[], service_account text)
where r.cluster_id = $1 and r.kind = x.kind and r.namespace = x.namespace and r.name = x.name`;
