import type { PoolClient } from 'pg';
import { type ChangeIds, keyOf } from './resources.ts';
import { type Batch, type FindingRow, SEVERITY_NUMBERS } from './rows.ts';
import { storableJson } from './storable-json.ts';

const AT_ONCE = 5000;

/** Writes findings that are new or say something else, and takes away those that are resolved. */
export async function writeFindings(
  client: PoolClient,
  cluster: number,
  batch: Batch,
  changes: ChangeIds,
): Promise<void> {
  for (let at = 0; at < batch.findings.length; at += AT_ONCE) {
    const part = batch.findings.slice(at, at + AT_ONCE).map((row) => toJson(row, changes.get(keyOf(row))));
    await client.query(UPSERT, [cluster, batch.at, storableJson(part), batch.isFirst === true]);
  }
  if (batch.resolved.length === 0) return;
  const gone = await client.query<{ kind: string; namespace: string; name: string; fingerprint: string }>(
    'select kind, namespace, name, fingerprint from finding where cluster_id = $1 and fingerprint = any($2::uuid[])',
    [cluster, [...batch.resolved]],
  );
  const resolved = gone.rows.map((row) => ({
    fingerprint: row.fingerprint,
    change: changes.get(keyOf(row)) ?? null,
  }));
  await client.query(RESOLVE, [cluster, batch.at, JSON.stringify(resolved)]);
}

function toJson(row: FindingRow, change: number | undefined): Readonly<Record<string, unknown>> {
  return {
    fingerprint: row.fingerprint,
    digest: row.digest,
    control: row.control,
    severity: SEVERITY_NUMBERS[row.severity],
    kind: row.kind,
    api_version: row.apiVersion,
    namespace: row.namespace,
    name: row.name,
    container: row.container ?? null,
    path: row.path,
    message: row.message,
    fixable: row.fixable,
    exception: row.exception ?? null,
    requested: row.requested ?? null,
    team: row.team ?? null,
    environment: row.environment ?? null,
    criticality: row.criticality ?? null,
    change_id: change ?? null,
  };
}

const COLUMNS =
  'digest, control, severity, kind, api_version, namespace, name, container, path, message, fixable, exception, requested, team, environment, criticality';

/** Counters and the opened and resolved of changes follow from what was there before and what is there after. */
const COUNT = `
, delta as (
  select namespace, control, severity, coalesce(team, '') as team,
    sum(sign) filter (where exception is null) as open,
    sum(sign) filter (where exception is not null) as excepted
  from moved group by 1, 2, 3, 4
), counted as (
  insert into counter as c (cluster_id, namespace, control, severity, team, open, excepted)
  select $1, namespace, control, severity, team, coalesce(open, 0), coalesce(excepted, 0) from delta
  where coalesce(open, 0) <> 0 or coalesce(excepted, 0) <> 0
  order by namespace, control, severity, team
  on conflict (cluster_id, namespace, control, severity, team)
  do update set open = c.open + excluded.open, excepted = c.excepted + excluded.excepted
)`;

/** What somebody wants to be told is kept in the transaction that makes it so: neither is there without the other. */
const NOTICE =
  'notice (cluster_id, is_first, is_resolved, fingerprint, control, severity, kind, namespace, name, message, team, change_id)';

const UPSERT = `
with incoming as (
  select x.* from json_to_recordset($3) as x(
    fingerprint uuid, digest uuid, control text, severity smallint, kind text, api_version text, namespace text, name text, container text,
    path text, message text, fixable boolean, exception jsonb, requested jsonb, team text, environment text, criticality text,
    change_id bigint)
  left join finding f on f.cluster_id = $1 and f.fingerprint = x.fingerprint
  where f.digest is distinct from x.digest
), before as (
  select f.* from finding f join incoming i using (fingerprint) where f.cluster_id = $1
), once as (
  select distinct on (p.fingerprint) p.fingerprint, p.first_seen
  from finding_past p join incoming i using (fingerprint)
  where p.cluster_id = $1 order by p.fingerprint, p.valid_to desc
), past as (
  insert into finding_past select b.*, $2, null, false from before b where b.valid_from < $2
), written as (
  insert into finding (cluster_id, fingerprint, ${COLUMNS}, first_seen, valid_from, change_id)
  select $1, i.fingerprint, ${COLUMNS.split(', ')
    .map((column) => `i.${column}`)
    .join(', ')},
    coalesce(b.first_seen, o.first_seen, $2), $2, coalesce(i.change_id, b.change_id)
  from incoming i left join before b using (fingerprint) left join once o using (fingerprint)
  on conflict (cluster_id, fingerprint) do update set
    ${COLUMNS.split(', ')
      .map((column) => `${column} = excluded.${column}`)
      .join(', ')},
    valid_from = excluded.valid_from, change_id = excluded.change_id
), moved as (
  select 1 as sign, namespace, control, severity, team, exception from incoming
  union all select -1, namespace, control, severity, team, exception from before
), told as (
  insert into ${NOTICE}
  select $1, $4, false, i.fingerprint, i.control, i.severity, i.kind, i.namespace, i.name, i.message, i.team, i.change_id
  from incoming i left join before b using (fingerprint)
  where i.exception is null and (b.fingerprint is null or b.exception is not null or b.severity < i.severity)
    and i.severity >= (select min(severity) from route)
)${COUNT}
update change c set opened = c.opened + n.opened
from (
  select i.change_id as id, count(*) as opened from incoming i left join before b using (fingerprint)
  where b.fingerprint is null and i.change_id is not null group by 1
) n
where c.cluster_id = $1 and c.id = n.id`;

const RESOLVE = `
with incoming as (
  select * from json_to_recordset($3) as x(fingerprint uuid, change bigint)
), gone as (
  delete from finding f using incoming i where f.cluster_id = $1 and f.fingerprint = i.fingerprint returning f.*
), past as (
  insert into finding_past select g.*, $2, i.change, true from gone g join incoming i using (fingerprint)
), moved as (
  select -1 as sign, namespace, control, severity, team, exception from gone
), told as (
  insert into ${NOTICE}
  select $1, false, true, g.fingerprint, g.control, g.severity, g.kind, g.namespace, g.name, g.message, g.team, i.change
  from gone g join incoming i using (fingerprint)
  where g.exception is null and g.severity >= (select min(severity) from route where tells_resolved)
)${COUNT}
update change c set resolved = c.resolved + n.resolved
from (select i.change as id, count(*) as resolved from gone join incoming i using (fingerprint) where i.change is not null group by 1) n
where c.cluster_id = $1 and c.id = n.id`;

/** Keeps the open findings of the day, for the trend: of the namespaces that a batch touched. */
export async function writeDay(client: PoolClient, cluster: number, batch: Batch): Promise<void> {
  const day = batch.at.toISOString().slice(0, 10);
  await client.query(
    `with total as (
      select namespace, severity, sum(open) as open from counter where cluster_id = $1 group by 1, 2
    )
    insert into posture_day as p (cluster_id, day, namespace, severity, open)
    select $1, $2, namespace, severity, open from total order by namespace, severity
    on conflict (cluster_id, day, namespace, severity) do update set open = excluded.open where p.open <> excluded.open`,
    [cluster, day],
  );
}
