import type { Touched } from './findings.ts';
import { prepared } from './prepared.ts';
import type { Writing } from './resources.ts';
import type { Batch } from './rows.ts';
import { storableJson } from './storable-json.ts';

const AT_ONCE = 2000;

/** Writes what makes workloads matter. Returns where findings of these are: their sums name the worst workload. */
export async function writeRisks({ client, cluster }: Writing, batch: Batch): Promise<readonly Touched[]> {
  const { riskless = [] } = batch;
  const risks = lastOfEach(batch.risks ?? []);
  const touched: Touched[] = [];
  for (let from = 0; from < risks.length; from += AT_ONCE) {
    const rows = storableJson(risks.slice(from, from + AT_ONCE));
    await client.query(prepared(UPSERT), [cluster, rows]);
    const found = await client.query<Touched>(prepared(FINDINGS), [cluster, rows]);
    touched.push(...found.rows);
  }
  if (riskless.length > 0) {
    const rows = storableJson(riskless);
    const found = await client.query<Touched>(prepared(FINDINGS), [cluster, rows]);
    await client.query(prepared(REMOVE), [cluster, rows]);
    touched.push(...found.rows);
  }
  return touched;
}

/** A batch that gathers several judgements may have a workload more than once: the last one holds. */
function lastOfEach<T extends { readonly kind: string; readonly namespace: string; readonly name: string }>(
  risks: readonly T[],
): T[] {
  return [...new Map(risks.map((risk) => [`${risk.kind}/${risk.namespace}/${risk.name}`, risk])).values()];
}

const KEYS = 'x(kind text, namespace text, name text)';

const UPSERT = `
insert into workload_risk as r (cluster_id, kind, namespace, name, digest, points, reach, reasons)
select $1, x.* from json_to_recordset($2) as x(
  kind text, namespace text, name text, digest uuid, points smallint, reach text, reasons jsonb)
order by namespace, name, kind
on conflict (cluster_id, namespace, name, kind) do update set
  digest = excluded.digest, points = excluded.points, reach = excluded.reach, reasons = excluded.reasons
where r.digest <> excluded.digest`;

const REMOVE = `
delete from workload_risk r using json_to_recordset($2) as ${KEYS}
where r.cluster_id = $1 and r.kind = x.kind and r.namespace = x.namespace and r.name = x.name`;

const FINDINGS = `
select distinct f.kind, f.namespace, f.name, f.control
from json_to_recordset($2) as ${KEYS}
join finding f on f.cluster_id = $1 and f.namespace = x.namespace and f.name = x.name and f.kind = x.kind`;
