import { canonicalJson, contentHash, hash128, type JsonObject } from '@bulwark/core';
import type { Pool } from 'pg';
import { expect } from 'vitest';
import { joinInstance, splitInstance } from '../write/kin.ts';
import { digestOf } from '../write/row-digest.ts';
import { type BeforeStep, itOfStep } from './step.testing.ts';

const STEP = '0081-content-names';

/** As it was named before. */
const nameBefore = (content: JsonObject): string => hash128(canonicalJson(content));

const WEB: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  spec: { replicas: 1.5, text: 'ä\ufffd' },
};
const WEB_BEFORE: JsonObject = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: 1e21 } };
const POD: JsonObject = { apiVersion: 'v1', kind: 'Pod', spec: {} };
const POD_INSTANCE: JsonObject = {
  metadata: {
    ...{ name: 'web-0', namespace: 'shop', uid: 'u-web-0', creationTimestamp: '2026-11-01T00:00:00Z' },
    ownerReferences: [{ kind: 'Op', name: 'web' }],
  },
  status: { containerStatuses: [{ imageID: 'x@sha256:1' }], podIP: '10.0.0.7' },
};
const { kin, own } = splitInstance(POD_INSTANCE);
const KIN = kin?.content ?? {};

interface Row {
  readonly cluster: number;
  readonly kind: string;
  readonly name: string;
  readonly body: string;
  readonly kin?: string;
  readonly instance?: JsonObject;
}

async function insertBody(pool: Pool, cluster: number, content: JsonObject, hash = nameBefore(content)) {
  await pool.query('insert into body values ($1, $2, $3)', [cluster, hash, content]);
}

async function insertRow(pool: Pool, table: 'resource' | 'resource_past', row: Row): Promise<void> {
  const { cluster, kind, name, body, instance = {} } = row;
  const [columns, values] =
    table === 'resource' ? ['digest, labels', `gen_random_uuid(), '{}'`] : ['valid_to', `'2026-11-02'`];
  await pool.query(
    `insert into ${table} (cluster_id, kind, namespace, name, api_version, uid, owner_kind, owner_name, body_hash, kin_hash, instance,
       is_workload, images, service_account, team, first_seen, valid_from, ${columns})
     values ($1, $2, 'shop', $3, 'v1', 'u-' || $3, $2, $3, $4, $5, $6, true, '{}', '', 'blue', '2026-11-01', '2026-11-01', ${values})`,
    [cluster, kind, name, body, row.kin ?? null, instance],
  );
}

async function fill({ pool }: BeforeStep): Promise<void> {
  await pool.query(
    `create table change_2026_11 partition of change for values from ('2026-11-01') to ('2026-12-01');
     create table resource_past_2026_11 partition of resource_past for values from ('2026-11-01') to ('2026-12-01')`,
  );
  for (const cluster of [1, 2]) {
    for (const content of [WEB, WEB_BEFORE, POD, KIN]) await insertBody(pool, cluster, content);
    await insertRow(pool, 'resource', {
      cluster,
      kind: 'apps/Deployment',
      name: 'web',
      body: nameBefore(WEB),
    });
    const pod = { cluster, kind: 'Pod', name: 'web-0', body: nameBefore(POD), kin: nameBefore(KIN) };
    await insertRow(pool, 'resource', { ...pod, instance: own });
    await insertRow(pool, 'resource_past', { ...pod, instance: own });
    await insertRow(pool, 'resource_past', {
      ...{ cluster, kind: 'apps/Deployment', name: 'web', body: nameBefore(WEB_BEFORE) },
    });
    await pool.query(
      `insert into change (cluster_id, at, kind, namespace, name, api_version, verb, actor, before, after)
       values ($1, '2026-11-02', 'apps/Deployment', 'shop', 'web', 'v1', 'changed', '{}', $2, $3),
         ($1, '2026-11-03', 'Pod', 'shop', 'web-0', 'v1', 'deleted', '{}', $4, null)`,
      [cluster, nameBefore(WEB_BEFORE), nameBefore(WEB), nameBefore(POD)],
    );
  }
}

/** Each version with its contents, and each change with its. */
async function told(pool: Pool): Promise<readonly unknown[]> {
  const content = (hash: string): string =>
    `(select b.content from body b where b.cluster_id = t.cluster_id and b.hash = t.${hash})`;
  const { rows } = await pool.query<{ told: unknown }>(
    `select jsonb_build_array('live', cluster_id, kind, ${content('body_hash')}, ${content('kin_hash')}, instance) as told from resource t
     union all select jsonb_build_array('past', cluster_id, kind, ${content('body_hash')}, ${content('kin_hash')}, instance) from resource_past t
     union all select jsonb_build_array('change', cluster_id, id, ${content('before')}, ${content('after')}) from change t
     order by 1`,
  );
  return rows.map((row) => row.told);
}

/** The names of all bodies, those that anything refers to, and what they should be called. */
async function names(pool: Pool): Promise<Readonly<Record<'kept' | 'used' | 'right', readonly string[]>>> {
  const bodies = await pool.query<{ cluster: number; hash: string; content: JsonObject }>(
    'select cluster_id as cluster, hash, content from body',
  );
  const used = await pool.query<{ name: string }>(
    `select distinct cluster_id || ' ' || replace(hash::text, '-', '') as name from (
       select cluster_id, body_hash as hash from resource union all select cluster_id, kin_hash from resource
       union all select cluster_id, body_hash from resource_past union all select cluster_id, kin_hash from resource_past
       union all select cluster_id, before from change union all select cluster_id, after from change) x where hash is not null`,
  );
  return {
    kept: bodies.rows.map(({ cluster, hash }) => `${cluster} ${hash.replaceAll('-', '')}`).sort(),
    used: used.rows.map(({ name }) => name).sort(),
    right: bodies.rows.map(({ cluster, content }) => `${cluster} ${contentHash(content)}`).sort(),
  };
}

itOfStep(STEP, 'names every content, and every row, as they are named from now on', async (before) => {
  const { pool, apply } = before;
  await fill(before);
  await pool.query(`update resource set contacts = '{ann,ben}' where kind = 'Pod'`);
  const toldBefore = await told(pool);

  await apply();

  expect(await told(pool)).toEqual(toldBefore);
  const { kept, used, right } = await names(pool);
  expect(kept).toEqual(right);
  expect(used).toEqual(right);
  const { rows } = await pool.query<{ kind: string; digest: string }>(
    `select kind, replace(digest::text, '-', '') as digest from resource where cluster_id = 2 order by 1`,
  );
  const digestFor = (kind: string, name: string, body: JsonObject, instance: JsonObject): string =>
    digestOf({
      ...{ apiVersion: 'v1', uid: `u-${name}`, ownerKind: kind, ownerName: name, isWorkload: true },
      ...{
        bodyHash: contentHash(body),
        instance,
        team: 'blue',
        environment: undefined,
        criticality: undefined,
      },
      contacts: kind === 'Pod' ? ['ann', 'ben'] : undefined,
    });
  const webInstance = joinInstance({ instance: {}, kin: null, uid: 'u-web', namespace: 'shop', name: 'web' });
  expect(rows).toEqual([
    { kind: 'Pod', digest: digestFor('Pod', 'web-0', POD, POD_INSTANCE) },
    { kind: 'apps/Deployment', digest: digestFor('apps/Deployment', 'web', WEB, webInstance) },
  ]);
});

itOfStep(
  STEP,
  'makes one body of what became the same, and takes none for one that was called so',
  async (before) => {
    const { pool, apply } = before;
    await fill(before);
    // Two that differed by what was masked since, and one that was made to be called as another one will be.
    await insertBody(pool, 1, WEB, hash128('with another secret'));
    await insertBody(pool, 1, { planted: true }, contentHash(WEB));
    for (const [name, body] of [
      ['masked', hash128('with another secret')],
      ['planted', contentHash(WEB)],
    ] as const)
      await insertRow(pool, 'resource', { cluster: 1, kind: 'apps/Deployment', name, body });
    const toldBefore = await told(pool);

    await apply();

    expect(await told(pool)).toEqual(toldBefore);
    const { kept, used, right } = await names(pool);
    expect(kept).toEqual(right);
    expect(used).toEqual(right);
    expect(kept).toHaveLength(2 * 4 + 1);
  },
);

itOfStep(
  STEP,
  'leaves the objects of builds as they are: their hash says what their fingerprint said',
  async ({ pool, apply }) => {
    await pool.query(
      `insert into build_record (digest, repository, commit, ref, run, author, system, verdict, fail_on, controls, counts, at, received_at,
       posted_by)
     values ('\\x01', 'r', 'c', null, null, null, 's', 'passed', 'high', 1, '{}', now(), now(), 'ci');
     insert into build_manifest values (decode(repeat('ab', 32), 'hex'), '{}');
     insert into build_object (record_id, kind, namespace, name, fingerprint, hash, images)
     select 1, 'apps/Deployment', 'shop', 'web', gen_random_uuid(), hash, '{}' from build_manifest`,
    );

    await apply();

    const { rows } = await pool.query(`select name, encode(hash, 'hex') as hash from build_object`);
    expect(rows).toEqual([{ name: 'web', hash: 'ab'.repeat(32) }]);
  },
);
