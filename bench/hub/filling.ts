import { ensurePartitions, keepPastCounters, type Store } from '@bulwark/store';

/** Tables whose rows are about one object by its name, and what else tells a copy from its model. */
const COPIED: Readonly<Record<string, string>> = {
  resource: `, 'uid', gen_random_uuid()::text, 'first_seen', a.since, 'valid_from', a.since`,
  finding: `, 'fingerprint', md5(t.fingerprint::text || n)::uuid, 'first_seen', a.since, 'valid_from', a.since`,
  object_counter: '',
};
/** Which of them: owners, as pods hold no findings. */
const WHICH: Readonly<Record<string, string>> = { resource: `where t.kind <> 'Pod'` };
/** Tables with sums of findings. */
const SUMS: Readonly<Record<string, readonly string[]>> = {
  counter: ['open', 'excepted', 'fixable', 'objects', 'fixable_objects'],
  posture_day: ['open'],
};

/**
 * Makes many findings of the few that a judged cluster has: every object with findings, and the sums, again and again under
 * names of their own. Half of what is there then came within the last thirty days, and as much as a fifth of it went
 * within the last 75, so that as-of lists have something to leave out and to bring back.
 *
 * @param store with one connection.
 * @returns how many findings there are then.
 */
export async function multiplyFindings(store: Store, wanted: number): Promise<number> {
  const { pool } = store;
  // What is made here takes longer than any request of the hub may; there is one connection.
  await pool.query('set statement_timeout = 0');
  // Moments before are refused.
  await pool.query(`update cluster set first_seen = now() - interval '80 days'`);
  await pool.query(
    `update seen_kind set seen_from = now() - interval '80 days' where seen_from > '-infinity'`,
  );
  const { rows } = await pool.query<{ n: number }>('select count(*) as n from finding');
  const copies = Math.max(0, Math.ceil(wanted / (rows[0]?.n ?? 1)) - 1);
  for (const [table, own] of Object.entries(COPIED))
    await pool.query(
      `insert into ${table} select c.* from ${table} t, generate_series(1, ${copies}) n,
         lateral (select ${AGE} as since) a,
         lateral jsonb_populate_record(t, jsonb_build_object('name', t.name || '-' || n${own})) c ${WHICH[table] ?? ''}`,
    );
  for (const [table, columns] of Object.entries(SUMS))
    await pool.query(
      `update ${table} set ${columns.map((name) => `${name} = ${name} * ${copies + 1}`).join(', ')}`,
    );
  for (const times of TIMES) await pool.query(times);
  await pool.query(
    'insert into word select distinct cluster_id, lower(name) from finding on conflict do nothing',
  );
  await ensurePartitions(pool, new Date(), MONTHS_BACK);
  await pool.query(PAST);
  await pool.query('vacuum (analyze)');
  // What a hub has kept, night after night.
  await keepPastCounters(store, { from: new Date(Date.now() - PAST_MS), now: new Date() });
  const { rows: now } = await pool.query<{ n: number }>('select count(*) as n from finding');
  return now[0]?.n ?? 0;
}

// Asked of every row anew, as it names the number of the copy: findings are not of the age of their objects.
const AGE = `now() - (n % 2) * random() * interval '30 days'`;

/** Times of the findings of an object, for each severity, info first. */
function bySeverity(aggregate: 'min' | 'max', condition = 'true'): string {
  const each = [0, 1, 2, 3, 4].map(
    (severity) => `${aggregate}(first_seen) filter (where severity = ${severity} and ${condition})`,
  );
  return `array[${each.join(', ')}]`;
}

// Copies have times of their own, from which sums answer.
const TIMES = [
  `update counter c set oldest = f.oldest, newest = f.newest, fixable_oldest = f.fixable_oldest, fixable_newest = f.fixable_newest
   from (
     select cluster_id, namespace, control, kind, severity, coalesce(team, '') as team, coalesce(environment, '') as environment,
       coalesce(criticality, '') as criticality, min(first_seen) as oldest, max(first_seen) as newest,
       min(first_seen) filter (where fixable) as fixable_oldest, max(first_seen) filter (where fixable) as fixable_newest
     from finding where exception is null group by 1, 2, 3, 4, 5, 6, 7, 8
   ) f where (c.cluster_id, c.namespace, c.control, c.kind, c.severity, c.team, c.environment, c.criticality)
     = (f.cluster_id, f.namespace, f.control, f.kind, f.severity, f.team, f.environment, f.criticality)`,
  `update object_counter c set oldest = f.oldest, newest = f.newest, fixable_oldest = f.fixable_oldest,
     fixable_newest = f.fixable_newest
   from (
     select cluster_id, namespace, name, kind, ${bySeverity('min')} as oldest, ${bySeverity('max')} as newest,
       ${bySeverity('min', 'fixable')} as fixable_oldest, ${bySeverity('max', 'fixable')} as fixable_newest
     from finding where exception is null group by 1, 2, 3, 4
   ) f where (c.cluster_id, c.namespace, c.name, c.kind) = (f.cluster_id, f.namespace, f.name, f.kind)`,
];

// The past begins 76 days ago, which is at most three months back.
const MONTHS_BACK = 3;
const PAST_MS = 76 * 86_400_000;
// Columns of the past that live rows have as well are copied, whichever they are.
const PAST = `
insert into finding_past
select (jsonb_populate_record(null::finding_past, to_jsonb(f) || jsonb_build_object(
  'fingerprint', md5('past' || f.fingerprint::text)::uuid, 'valid_from', now() - interval '76 days',
  'first_seen', now() - interval '76 days', 'valid_to', now() - random() * interval '75 days', 'is_resolved', true))).*
from finding f where random() < 0.2`;
