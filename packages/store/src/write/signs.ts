import { stringAt } from '@bulwark/core';
import { type BatchChanges, keyOf, keyOfFound } from './batch-changes.ts';
import { prepared } from './prepared.ts';
import type { Writing } from './resources.ts';
import type { Batch } from './rows.ts';
import { storableJson } from './storable-json.ts';

/** The changes of a batch with what tells which of several is behind a finding. Cost: one statement, where a place has to tell. */
export async function withSigns(
  { client, cluster }: Writing,
  batch: Batch,
  changes: BatchChanges,
): Promise<BatchChanges> {
  const came = new Set([...changes.came()].map(keyOf));
  const created = new Map<string, string>();
  for (const row of came.size === 0 ? [] : batch.resources) {
    const moment = stringAt(row.instance, 'metadata', 'creationTimestamp');
    if (moment !== undefined && came.has(keyOf(row))) created.set(keyOf(row), moment);
  }
  const { findings, rested = [] } = batch;
  const asked = [...findings, ...rested].flatMap((about) => {
    const own = changes.undecided(about);
    return own === undefined ? [] : [{ ...own, key: keyOfFound(about), path: about.path }];
  });
  const { rows } =
    asked.length === 0
      ? { rows: [] }
      : await client.query<{ key: string }>(prepared(PLACED), [cluster, storableJson(asked)]);
  return changes.knowing({
    created,
    rested: new Map(rested.map((each) => [keyOfFound(each), each.restsOn])),
    placed: new Set(rows.map(({ key }) => key)),
  });
}

/** What lies in a list of an object is not looked for: its path names it by what may have changed. */
const PLACED = `
select x.key from json_to_recordset($2) as x(key text, path text, before uuid, after uuid)
join body b on b.cluster_id = $1 and b.hash = x.before
join body a on a.cluster_id = $1 and a.hash = x.after
where x.path ~ '^[\\w-]+([.][\\w-]+)*$'
  and b.content #> string_to_array(x.path, '.') is distinct from a.content #> string_to_array(x.path, '.')`;
