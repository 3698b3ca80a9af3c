import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0066-accepted-as-made', 'keeps findings with what accepts them', async ({ pool, apply }) => {
  const exception = { id: 7, reason: 'Why.', owner: null, until: null, origin: 'hub' };
  await pool.query(
    `insert into finding (cluster_id, fingerprint, digest, control, severity, kind, api_version, namespace, name, path, message, fixable,
       exception, first_seen, valid_from)
     select 1, gen_random_uuid(), gen_random_uuid(), 'c', 3, 'Pod', 'v1', 'shop', 'web', 'p', 'm', false, $1, now(), now()`,
    [exception],
  );

  await apply();

  expect((await pool.query('select exception, as_made from finding')).rows).toEqual([
    { exception, as_made: null },
  ]);
});
