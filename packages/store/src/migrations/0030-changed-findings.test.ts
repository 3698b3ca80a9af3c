import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0030-changed-findings', 'finds what became another before it', async ({ pool, apply }) => {
  await pool.query(
    `insert into finding (cluster_id, fingerprint, digest, control, severity, kind, api_version, namespace, name, path,
       message, fixable, first_seen, valid_from)
     select 1, gen_random_uuid(), gen_random_uuid(), 'c', 3, 'Pod', 'v1', 'shop', name, '', '', false,
       '2026-11-01T00:00Z', valid_from::timestamptz
     from (values ('web', '2026-11-01T00:00Z'), ('api', '2026-11-02T00:00Z')) as x(name, valid_from)`,
  );

  await apply();

  const client = await pool.connect();
  // So that the index answers, however few they are.
  await client.query('set enable_seqscan = off');
  const changed = `select name from finding where cluster_id = 1 and valid_from > '2026-10-01' and (valid_from > first_seen) is true`;
  const { rows } = await client.query(changed);
  const { rows: plan } = await client.query(`explain ${changed}`);
  client.release();
  expect(rows).toEqual([{ name: 'api' }]);
  expect(JSON.stringify(plan)).toContain('finding_changed');
});
