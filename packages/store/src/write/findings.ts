import { namespaceOf, storableText } from '@bulwark/core';
import { ownNamespaceOf } from '../place.ts';
import { inShortWords, wordsIn } from '../search/words.ts';
import { type BatchChanges, keyOf } from './batch-changes.ts';
import { prepared } from './prepared.ts';
import { writeRequests } from './requests.ts';
import type { Writing } from './resources.ts';
import { type Batch, type FindingRow, type ObjectKey, SEVERITY_NUMBERS } from './rows.ts';
import { isSeenInPods } from './seen-in-pods.ts';
import { storableJson } from './storable-json.ts';

const AT_ONCE = 5000;

/** Where findings came, went or changed, by the namespace in which their objects lie: what is counted anew. */
export interface Touched extends ObjectKey {
  readonly control: string;
}

/** Writes findings that are new or say something else, and takes away those that are resolved. */
export async function writeFindings(
  writing: Writing,
  batch: Batch,
  changes: BatchChanges,
): Promise<readonly Touched[]> {
  const { client, cluster, at } = writing;
  const { shownIn } = batch;
  const behind = (row: FindingRow) => changes.opening(row, shownIn?.get(row.fingerprint));
  for (let from = 0; from < batch.findings.length; from += AT_ONCE) {
    const part = batch.findings.slice(from, from + AT_ONCE);
    await writeWords(writing, part);
    const rows = part.map((row) => ({
      ...toJson(row, behind(row)),
      said_by: changes.of({ kind: 'Namespace', namespace: '', name: namespaceOf(row) }) ?? null,
      is_first: batch.isFirst === true || row.isFirst === true,
    }));
    await writeRequests(writing, part, changes);
    await client.query(prepared(UPSERT), [cluster, at, storableJson(rows)]);
  }
  const written = batch.findings.map((row) => {
    const { control, kind, name } = row;
    return { control, kind, namespace: namespaceOf(row), name };
  });
  if (batch.resolved.length === 0) return written;
  const gone = await client.query<Gone>(prepared(GONE), [cluster, [...batch.resolved]]);
  const untold = new Set(batch.removed.flatMap((key) => (key.isUntold === true ? [keyOf(key)] : [])));
  const resolved = gone.rows.map(({ fingerprint, own, causes, isInPods, rollout, ...row }) => {
    const object = { ...row, namespace: own };
    if (untold.has(keyOf(object))) return { fingerprint, is_untold: true };
    const shown = shownIn?.get(fingerprint) ?? (isInPods ? 'unknown' : undefined);
    const about = { ...object, causes: causes ?? [] };
    const change = changes.ending(about, rollout === null ? shown : undefined);
    return { fingerprint, is_untold: false, ...(change === undefined ? rollout : { change, changed: at }) };
  });
  await client.query(prepared(RESOLVE), [cluster, at, JSON.stringify(resolved)]);
  return [...written, ...gone.rows];
}

interface Gone extends Touched {
  /** 32 hexadecimal digits. */
  readonly fingerprint: string;
  /** Its own namespace; the other is where it is counted. */
  readonly own: string;
  readonly causes: readonly string[] | null;
  /** Whether pods alone may have shown it. */
  readonly isInPods: boolean;
  /** The change of its object that is rolled out, with which its pods alone were so: that they went is no change. */
  readonly rollout: { readonly change: number; readonly changed: string } | null;
}

/** Whether what is found is found in pods. */
const isOfPods = (row: string): string => `${row}.message like '%Pod/%*%'`;

// A decision makes a version, too: the pods are rolled out from when the finding was no longer their owner's own.
const GONE = `
select kind, namespace, ${ownNamespaceOf('f')} as own, name, control, replace(fingerprint::text, '-', '') as fingerprint, causes,
  (${isOfPods('f')} or not exists (select from resource o where o.cluster_id = $1 and o.kind = f.kind
    and o.namespace = ${ownNamespaceOf('f')} and o.name = f.name and not ${isSeenInPods('o')})) as "isInPods",
  case when first_seen < valid_from and ${isOfPods('f')} then (
    select json_build_object('change', c.id, 'changed', c.at) from (
      select p.valid_to as at from finding_past p
      where p.cluster_id = $1 and p.fingerprint = f.fingerprint and p.valid_to <= f.valid_from and p.valid_to > f.first_seen
        and not p.is_resolved and not ${isOfPods('p')}
      order by p.valid_to desc limit 1
    ) own join change c on c.at between own.at - interval '10 seconds' and own.at
    where c.cluster_id = $1 and c.kind = f.kind and c.namespace = ${ownNamespaceOf('f')} and c.name = f.name
    order by c.at desc, c.id desc limit 1) end as rollout
from finding f where cluster_id = $1 and fingerprint = any($2::uuid[])`;

async function writeWords({ client, cluster }: Writing, rows: readonly FindingRow[]): Promise<void> {
  const words = new Set(
    rows.flatMap(({ message, path, control, namespace, name, container }) =>
      wordsIn(
        [inShortWords(message), inShortWords(path), control, namespace, name, container ?? ''].map(
          storableText,
        ),
      ),
    ),
  );
  await client.query(
    'insert into word (cluster_id, word) select $1, word from unnest($2::text[]) as x(word) order by word on conflict do nothing',
    [cluster, [...words]],
  );
}

function toJson(row: FindingRow, change: number | undefined): Readonly<Record<string, unknown>> {
  return {
    fingerprint: row.fingerprint,
    digest: row.digest,
    control: row.control,
    severity: SEVERITY_NUMBERS[row.severity],
    kind: row.kind,
    api_version: row.apiVersion,
    namespace: namespaceOf(row),
    name: row.name,
    container: row.container ?? null,
    path: inShortWords(row.path),
    message: inShortWords(row.message),
    causes: row.causes ?? null,
    fixable: row.fixable,
    exception: row.exception ?? null,
    requested: row.requested ?? null,
    as_made: row.asMade ?? null,
    team: row.team ?? null,
    environment: row.environment ?? null,
    criticality: row.criticality ?? null,
    change_id: change ?? null,
  };
}

const SAID =
  'control, severity, kind, api_version, namespace, name, container, path, message, causes, fixable, exception, requested, team, environment, criticality';
const COLUMNS = `digest, as_made, ${SAID}`;
/** What a version of the past has of a live row. */
const PAST = `cluster_id, fingerprint, ${SAID}, first_seen, valid_from, change_id`;

function columnsOf(row: string, columns: string): string {
  return columns
    .split(', ')
    .map((column) => `${row}.${column}`)
    .join(', ');
}

/** What somebody wants to be told is kept in the transaction that makes it so: neither is there without the other. */
const NOTICE =
  'notice (cluster_id, is_first, is_resolved, fingerprint, control, severity, kind, namespace, name, message, team, change_id, was, was_accepted, was_team)';

// A finding that says the same under the same decision is no new version: who owns it, or where in the file it is, moves.
const UPSERT = `
with incoming as (
  select x.*, f.cluster_id is not null and f.message = x.message and f.severity = x.severity
    and f.exception is not distinct from x.exception and f.requested is not distinct from x.requested as is_same
  from json_to_recordset($3) as x(
    fingerprint uuid, digest uuid, control text, severity smallint, kind text, api_version text, namespace text, name text, container text,
    path text, message text, causes text[], fixable boolean, exception jsonb, requested jsonb, as_made jsonb, team text, environment text, criticality text,
    change_id bigint, said_by bigint, is_first boolean)
  left join finding f on f.cluster_id = $1 and f.fingerprint = x.fingerprint
  where f.digest is distinct from x.digest
), before as (
  select f.* from finding f join incoming i using (fingerprint) where f.cluster_id = $1
), once as (
  select distinct on (p.fingerprint) p.fingerprint, p.first_seen, p.valid_to
  from finding_past p join incoming i using (fingerprint)
  where p.cluster_id = $1 order by p.fingerprint, p.valid_to desc
), returned as (
  update finding_past p set returned_at = $2 from once o
  where p.cluster_id = $1 and p.fingerprint = o.fingerprint and p.valid_to = o.valid_to and p.is_resolved and p.returned_at is null
), past as (
  insert into finding_past (${PAST}, valid_to, is_resolved)
  select ${columnsOf('b', PAST)}, $2, false
  from before b join incoming i using (fingerprint) where not i.is_same and b.valid_from < $2
), written as (
  insert into finding (cluster_id, fingerprint, ${COLUMNS}, first_seen, valid_from, change_id)
  select $1, i.fingerprint, ${columnsOf('i', COLUMNS)},
    coalesce(b.first_seen, o.first_seen, $2), case when i.is_same then b.valid_from else $2 end,
    coalesce(case when not i.is_same then i.change_id end, b.change_id)
  from incoming i left join before b using (fingerprint) left join once o using (fingerprint)
  on conflict (cluster_id, fingerprint) do update set
    ${COLUMNS.split(', ')
      .map((column) => `${column} = excluded.${column}`)
      .join(', ')},
    valid_from = excluded.valid_from, change_id = excluded.change_id
), told as (
  insert into ${NOTICE}
  -- Whose it is by now a change of its Namespace may say.
  select $1, i.is_first, false, i.fingerprint, i.control, i.severity, i.kind, i.namespace, i.name, i.message, i.team,
    coalesce(i.change_id, case when b.fingerprint is not null and b.team is distinct from i.team then i.said_by end),
    b.severity, b.exception is not null, b.team
  from incoming i left join before b using (fingerprint)
  -- Also where another team has it: that may have been told of nothing.
  where i.exception is null and (b.fingerprint is null or b.exception is not null or b.severity < i.severity
      or b.team is distinct from i.team)
    and i.severity >= (select min(severity) from route where about = 'findings')
)
update change c set opened = c.opened + n.opened
from (
  select i.change_id as id, count(*) as opened from incoming i left join before b using (fingerprint)
  where b.fingerprint is null and i.change_id is not null group by 1
) n
where c.cluster_id = $1 and c.id = n.id and c.at = $2`;

const RESOLVE = `
with incoming as (
  select * from json_to_recordset($3) as x(fingerprint uuid, change bigint, changed timestamptz, is_untold boolean)
), gone as (
  delete from finding f using incoming i where f.cluster_id = $1 and f.fingerprint = i.fingerprint returning f.*
), past as (
  insert into finding_past (${PAST}, valid_to, resolved_by, is_resolved)
  select ${columnsOf('g', PAST)}, $2, i.change, true
  from gone g join incoming i using (fingerprint) where g.valid_from < $2
), unreturned as (
  -- What came and goes at once was not there.
  update finding_past p set returned_at = null from gone g
  where g.valid_from >= $2 and p.cluster_id = $1 and p.fingerprint = g.fingerprint and p.returned_at = g.valid_from
), told as (
  insert into ${NOTICE}
  select $1, false, true, g.fingerprint, g.control, g.severity, g.kind, g.namespace, g.name, g.message, g.team, i.change, g.severity,
    g.exception is not null, g.team
  from gone g join incoming i using (fingerprint)
  -- Whatever it was at its end: that it began may have been told when it was another.
  where not i.is_untold and exists (select from route where about = 'findings' and tells_resolved)
)
update change c set resolved = c.resolved + n.resolved
from (
  select i.change as id, i.changed as at, count(*) as resolved from gone join incoming i using (fingerprint)
  where i.change is not null group by 1, 2
) n
where c.cluster_id = $1 and c.id = n.id and c.at = n.at`;
