import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0072-cluster-versions',
  'keeps clusters, and claims no version for their past',
  async ({ pool, apply }) => {
    await pool.query(
      `insert into cluster (uid, ca_hash, name, server, version, first_seen) values ('u', 'c', 'prod', 's', 'v1.34.0', now())`,
    );

    await apply();

    expect((await pool.query('select name, version, versions from cluster')).rows).toEqual([
      { name: 'prod', version: 'v1.34.0', versions: [] },
    ]);
  },
);
