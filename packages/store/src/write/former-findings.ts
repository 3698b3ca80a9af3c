import { namespaceOf } from '@bulwark/core';
import type { PoolClient } from 'pg';
import { inShortWords } from '../search/words.ts';
import type { Store } from '../store.ts';
import { inTransaction } from '../transaction.ts';
import { announce } from './announce.ts';
import { beginWrite, type Writer } from './last-write.ts';
import type { FindingRow } from './rows.ts';
import { storableJson } from './storable-json.ts';

/** A finding whose history may be stored under a fingerprint of version 1. */
export interface FormerFinding
  extends Pick<
    FindingRow,
    'fingerprint' | 'digest' | 'control' | 'kind' | 'namespace' | 'name' | 'container' | 'path'
  > {
  /** Its fingerprint of version 1, 32 hexadecimal digits. */
  readonly former: string;
  /** The digest of its row under that, as earlier versions made it. */
  readonly formerDigest: string;
}

/** Whether anything of a cluster is stored under a former fingerprint whose finding is not known. */
export async function hasFormerFindings({ pool }: Store, cluster: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    'select from former_fingerprint where cluster_id = $1 and fingerprint is null limit 1',
    [cluster],
  );
  return (rowCount ?? 0) > 0;
}

/** What is renamed at once, with all that has one former fingerprint. */
const AT_ONCE = 5000;

/**
 * Gives findings that are not stored yet what is stored under their former fingerprints, which can be made alike on purpose: so it is
 * only taken by the one finding that is also in the same object, container and place as what was stored last, which a pod of it may
 * have shown. Indexes of a list may have moved. Where several are, it is the one whose path is the same in every letter, and
 * without one nobody: then what is stored ends, and they are new. Nothing changes but the name.
 *
 * @returns the former fingerprints of those that took something, by their fingerprints.
 * @throws LeaseLost where another hub may record the cluster by now, and WriteMissing where what the writer remembers is gone.
 */
export async function takeOverFormer(
  { pool }: Store,
  cluster: number,
  findings: readonly FormerFinding[],
  writer: Writer = {},
): Promise<ReadonlyMap<string, string>> {
  const taken = new Map<string, string>();
  for (const part of partsOf(findings)) {
    const rows = storableJson(part.map((finding) => asStored(finding)));
    const fitting = await inTransaction(pool, async (client) => {
      await beginWrite(client, cluster, writer);
      const { rows: pairs } = await client.query<Pair>(FITTING, [cluster, rows]);
      const due = pairs.filter(({ isDone }) => !isDone);
      if (due.length > 0) await rename(client, cluster, due);
      return pairs;
    });
    for (const { fingerprint, former } of fitting) taken.set(fingerprint, former);
  }
  return taken;
}

/** Takes digests of risks, which earlier versions made otherwise, in the place of those: the risks are the same. */
export async function takeOverRiskDigests(
  { pool }: Store,
  cluster: number,
  digests: readonly { readonly former: string; readonly digest: string }[],
): Promise<void> {
  await pool.query(
    `update workload_risk r set digest = x.digest from json_to_recordset($2) as x(former uuid, digest uuid)
     where r.cluster_id = $1 and r.digest = x.former`,
    [cluster, JSON.stringify(digests)],
  );
}

function partsOf(findings: readonly FormerFinding[]): FormerFinding[][] {
  const parts: FormerFinding[][] = [];
  const sorted = findings.toSorted((a, b) => (a.former < b.former ? -1 : a.former > b.former ? 1 : 0));
  for (const finding of sorted) {
    const part = parts.at(-1);
    if (part === undefined || (part.length >= AT_ONCE && part.at(-1)?.former !== finding.former))
      parts.push([finding]);
    else part.push(finding);
  }
  return parts;
}

function asStored({ formerDigest, container, path, ...finding }: FormerFinding): unknown {
  return {
    ...finding,
    former_digest: formerDigest,
    namespace: namespaceOf(finding),
    container: container ?? null,
    path: inShortWords(path),
  };
}

interface Pair {
  /** 32 hexadecimal digits each, but for digests, which are as the database prints them. */
  readonly former: string;
  readonly fingerprint: string;
  readonly former_digest: string;
  readonly digest: string;
  /** Whether it has that name already. */
  readonly isDone: boolean;
}

/** Without the indexes of lists. */
const unindexed = (path: string): string => String.raw`regexp_replace(${path}, '\[\d+\]', '[]', 'g')`;
/** Whether a path ends with another one: what is found in a workload is also shown by its pods, where the path begins later. */
const endsWith = (path: string, end: string): string => `right(${path}, length(${end}) + 1) = '.' || ${end}`;
const IS_ONE_PLACE = `('' in (p.stored, p.asked) or p.stored = p.asked or ${endsWith('p.stored', 'p.asked')}
    or ${endsWith('p.asked', 'p.stored')})`;
const PLACE = 'fingerprint, control, kind, namespace, name, container, path';

const FITTING = `
with asked as (
  select * from json_to_recordset($2) as x(former uuid, fingerprint uuid, former_digest uuid, digest uuid, control text, kind text,
    namespace text, name text, container text, path text)
), stored as (
  select distinct on (fingerprint) * from (
    select ${PLACE}, null::timestamptz as valid_to from finding where cluster_id = $1 and fingerprint in (select former from asked)
    union all
    select ${PLACE}, valid_to from finding_past where cluster_id = $1 and fingerprint in (select former from asked)
  ) v order by fingerprint, valid_to desc nulls first
), fitting as (
  select a.*, s.path = a.path as is_exact, count(*) over same as fitting, count(*) filter (where s.path = a.path) over same as exact
  from asked a
  join former_fingerprint m on m.cluster_id = $1 and m.former = a.former and m.fingerprint is null
  join stored s on s.fingerprint = a.former and (s.control, s.kind, s.namespace, s.name) = (a.control, a.kind, a.namespace, a.name)
    and s.container is not distinct from a.container
  join lateral (select ${unindexed('s.path')} as stored, ${unindexed('a.path')} as asked) p on ${IS_ONE_PLACE}
  window same as (partition by a.former)
)
select replace(former::text, '-', '') as former, replace(fingerprint::text, '-', '') as fingerprint, former_digest, digest,
  false as "isDone"
from fitting f where (fitting = 1 or (is_exact and exact = 1))
  -- What has a history of its own needs no other.
  and not exists (select from finding o where o.cluster_id = $1 and o.fingerprint = f.fingerprint)
  and not exists (select from finding_past o where o.cluster_id = $1 and o.fingerprint = f.fingerprint)
-- Whoever asks again may not have heard the answer.
union all select replace(former::text, '-', ''), replace(fingerprint::text, '-', ''), former_digest, digest, true
from asked join former_fingerprint m using (former, fingerprint) where m.cluster_id = $1`;

const PAIRS = 'json_to_recordset($2) as p(former uuid, fingerprint uuid, former_digest uuid, digest uuid)';

const renamed = (table: string): string =>
  `update ${table} t set fingerprint = p.fingerprint from ${PAIRS} where t.cluster_id = $1 and t.fingerprint = p.former`;
/** What a message has, which says of which cluster it is. */
const renamedIn = (table: string): string =>
  `update ${table} t set fingerprint = p.fingerprint from ${PAIRS}, delivery d
   where t.fingerprint = p.former and d.id = t.delivery_id and d.cluster_id = $1`;

/**
 * Exceptions that name findings name them as they are called by now. One that is for other clusters as well names them both ways:
 * there they may be called as before.
 */
const EXCEPTIONS = `
with p as materialized (
  select replace(former::text, '-', '') as former, replace(fingerprint::text, '-', '') as fingerprint from ${PAIRS}
)
update exception e set scope = jsonb_set(e.scope, '{fingerprints}', (
  select jsonb_agg(name order by place, name) from (
    select name, min(place) as place from jsonb_array_elements_text(e.scope->'fingerprints') with ordinality as x(named, place)
    left join p on p.former = x.named
    cross join lateral (
      select x.named as name where p.former is null or e.scope->'clusters' is distinct from jsonb_build_array($1::int)
      union all select p.fingerprint where p.former is not null
    ) n group by name
  ) names))
where e.scope ? 'fingerprints' and coalesce(e.scope->'clusters' @> to_jsonb($1::int), true)
  and e.scope->'fingerprints' ?| array(select former from p)`;

const RENAME = [
  `update former_fingerprint t set fingerprint = p.fingerprint from ${PAIRS} where t.cluster_id = $1 and t.former = p.former`,
  `update finding t set fingerprint = p.fingerprint, digest = case when t.digest = p.former_digest then p.digest else t.digest end
   from ${PAIRS} where t.cluster_id = $1 and t.fingerprint = p.former`,
  ...['finding_past', 'triage', 'triage_event', 'comment', 'notice', 'held_finding'].map(renamed),
  ...['delivery_item', 'told_finding'].map(renamedIn),
];

async function rename(client: PoolClient, cluster: number, pairs: readonly Pair[]): Promise<void> {
  const values = [cluster, JSON.stringify(pairs)];
  // Messages are planned and sent from several of these tables at once, under one name or the other.
  await client.query('lock table delivery in share row exclusive mode');
  for (const statement of RENAME) await client.query(statement, values);
  const { rowCount } = await client.query(EXCEPTIONS, values);
  const where = { clusters: [cluster], namespaces: 'all' } as const;
  await announce(client, { topics: ['findings', 'triage'], ...where });
  if ((rowCount ?? 0) > 0)
    await announce(client, { topics: ['exceptions'], clusters: 'all', namespaces: 'all' });
}
