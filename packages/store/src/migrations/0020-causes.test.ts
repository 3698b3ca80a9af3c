import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0020-causes',
  'keeps the findings that were there, of which no cause is known so far',
  async ({ pool, apply }) => {
    await pool.query(
      `insert into finding (cluster_id, fingerprint, digest, control, severity, kind, api_version, namespace, name, path,
         message, fixable, first_seen, valid_from)
       values (1, gen_random_uuid(), gen_random_uuid(), 'c', 3, 'Pod', 'v1', 'shop', 'web', '', 'm', false, now(), now())`,
    );

    await apply();

    const { rows } = await pool.query('select control, causes from finding');
    expect(rows).toEqual([{ control: 'c', causes: null }]);
  },
);
