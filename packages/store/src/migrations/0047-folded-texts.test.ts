import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0047-folded-texts',
  'keeps objects, and finds them by labels and in the order of owners in lower case of the letters A to Z',
  async ({ pool, apply }) => {
    await pool.query(`
      insert into resource (cluster_id, kind, namespace, name, api_version, uid, owner_kind, owner_name, body_hash, digest,
        instance, labels, is_workload, images, service_account, team, first_seen, valid_from)
      select 1, 'ConfigMap', 'shop', name, 'v1', '', '', '', gen_random_uuid(), gen_random_uuid(),
        '{}', labels::jsonb, false, '{}', '', team, now(), now()
      from (values ('a', '{"App": "INGRESS"}', 'INFRA'), ('b', '{"App": "ÉTÉ"}', 'Équipe'), ('c', '{}', null)) as v(name, labels, team)`);
    await pool.query(`
      insert into finding (cluster_id, fingerprint, digest, control, severity, kind, api_version, namespace, name, path,
        message, fixable, first_seen, valid_from)
      select 1, gen_random_uuid(), gen_random_uuid(), 'c', 3, 'Pod', 'v1', 'shop', 'web', 'spec.hostPID', '', true, now(), now()
      from generate_series(1, 50)`);

    await apply();

    const { rows: labels } = await pool.query(
      'select name, label_words(labels) as words from resource order by name',
    );
    expect(labels).toEqual([
      { name: 'a', words: ['app=ingress'] },
      { name: 'b', words: ['app=ÉtÉ'] },
      { name: 'c', words: [] },
    ]);
    const client = await pool.connect();
    await client.query('set enable_seqscan = off; set enable_sort = off');
    const { rows: plan } = await client.query(
      `explain select from resource where cluster_id = 1
       order by cluster_id, lower(coalesce(team, '') collate "C"), namespace, kind, name`,
    );
    client.release(true);
    expect(JSON.stringify(plan)).toContain('resource_team');
    const { rows: known } = await pool.query(
      "select most_common_vals::text as paths from pg_stats_ext_exprs where statistics_name = 'finding_path'",
    );
    expect(known).toEqual([{ paths: '{spec.hostpid}' }]);
  },
  'tr-TR',
);
